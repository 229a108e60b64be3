/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What a row of the table has copied out of the caller's memory. */
#ifndef LANNER_FETCH_H
#define LANNER_FETCH_H

#include "object.h"

#define AT_FDCWD -100
#define ADDR_MAX 128

static __always_inline u64 arg(struct scratch *s, u64 i)
{
	return i < 6 ? head(s)->args[i] : 0;
}

static __always_inline void fault(struct scratch *s) { head(s)->flags |= REC_FAULT; }

/* Copies len bytes, at most max, which must not be above SECTION_ROOM. */
static __always_inline void put_user(struct scratch *s, u64 section, u64 addr, u64 len, u64 max)
{
	u8 *out = section_begin(s);

	if (!out || !addr || len == 0)
		return;
	if (len > max)
		len = max;
	barrier_var(len);
	if (len > max)
		return;
	if (bpf_probe_read_user(out, len, (void *)addr))
		return fault(s);
	section_end(s, section, len);
}

/* Copies text and tells its first byte; '/' if there is none. */
static __always_inline u8 fetch_text(struct scratch *s, u64 section, u64 addr)
{
	u8 *out = section_begin(s);
	u8 first;
	long n;

	if (!out || !addr)
		return '/';
	n = bpf_probe_read_user_str(out, MAX_PATH, (void *)addr);
	if (n <= 0 || n > MAX_PATH) {
		fault(s);
		return '/';
	}
	first = out[0];
	section_end(s, section, n);
	return first;
}

/* The directory that a relative path starts from. */
static __noinline int put_base(struct scratch *s, struct task_struct *t, s64 dirfd, u64 section)
{
	struct fs_struct *fs;
	struct file *dir;
	u64 file;

	if (dirfd == AT_FDCWD) {
		fs = LD(t, fs);
		return put_path(s, (u64)LD(fs, pwd.dentry), (u64)LD(fs, pwd.mnt), section);
	}
	file = file_of_fd(t, dirfd);
	if (!file)
		return 0;
	dir = CAST(file, file);
	return put_path(s, (u64)LD(dir, f_path.dentry), (u64)LD(dir, f_path.mnt), section);
}

/* How much of a buffer was used: the result, where that is a number of bytes. */
static __always_inline u64 used(struct scratch *s, u64 len)
{
	s64 ret = head(s)->ret;

	if (ret < 0)
		return len;
	return len < (u64)ret ? len : (u64)ret;
}

/* The first buffer of an array of them, native or 32-bit. */
static __always_inline void fetch_iovec(struct scratch *s, u64 section, u64 iov)
{
	u64 v[2] = {};
	u32 v32[2] = {};

	if (head(s)->flags & REC_COMPAT32) {
		if (bpf_probe_read_user(v32, sizeof(v32), (void *)iov))
			return fault(s);
		v[0] = v32[0];
		v[1] = v32[1];
	} else if (bpf_probe_read_user(v, sizeof(v), (void *)iov)) {
		return fault(s);
	}
	put_user(s, section, v[0], used(s, v[1]), MAX_DATA);
}

/* A struct msghdr: the address in it, then the first buffer. */
static __always_inline void fetch_msg(struct scratch *s, u64 section, u64 msg)
{
	struct { u64 name; u32 namelen, pad; u64 iov, iovlen; } m = {};
	struct { u32 name, namelen, iov, iovlen; } m32 = {};

	if (head(s)->flags & REC_COMPAT32) {
		if (bpf_probe_read_user(&m32, sizeof(m32), (void *)msg))
			return fault(s);
		m.name = m32.name;
		m.namelen = m32.namelen;
		m.iov = m32.iov;
		m.iovlen = m32.iovlen;
	} else if (bpf_probe_read_user(&m, sizeof(m), (void *)msg)) {
		return fault(s);
	}
	put_user(s, SEC_ADDR, m.name, m.namelen, ADDR_MAX);
	if (m.iovlen)
		fetch_iovec(s, section, m.iov);
}

#define ARGV_MAX 32   /* arguments of a call that failed */
#define ARGV_TEXT 512 /* bytes of each */

/* The texts behind an array of pointers, one after the other. */
static __always_inline void fetch_argv(struct scratch *s, u64 section, u64 argv)
{
	bool compat = head(s)->flags & REC_COMPAT32;
	u8 *out = section_begin(s);
	u64 len = 0;

	if (!out || !argv)
		return;
	for (u32 i = 0; i < ARGV_MAX; i++) {
		u64 text = 0;
		long n;

		if (bpf_probe_read_user(&text, compat ? 4 : 8, (void *)(argv + i * (compat ? 4 : 8))) || !text)
			break;
		barrier_var(len);
		if (len > SECTION_ROOM - ARGV_TEXT)
			break;
		n = bpf_probe_read_user_str(out + len, ARGV_TEXT, (void *)text);
		if (n <= 0 || n > ARGV_TEXT)
			break;
		len += n;
	}
	section_end(s, section, len);
}

/* Paths need their directory unless the kernel resolved them for us. */
static __always_inline bool needs_base(struct scratch *s, u8 object)
{
	return head(s)->ret < 0 || object != OBJECT_RET;
}

static __noinline int fetch_one(struct scratch *s, struct task_struct *t, u64 call, u64 i)
{
	u64 addr, aux, kind, section = SEC_FETCH0 + i;
	s64 dirfd;
	u32 len;

	if (call >= CALL_LIMIT || i >= MAX_FETCH)
		return 0;
	kind = rows[call].fetch[i].kind;
	aux = rows[call].fetch[i].aux;
	addr = arg(s, rows[call].fetch[i].arg);
	switch (kind) {
	case FETCH_TEXT:
		fetch_text(s, section, addr);
		break;
	case FETCH_PATH:
		dirfd = aux == NO_ARG ? AT_FDCWD : (s32)arg(s, aux);
		if (fetch_text(s, section, addr) != '/' && needs_base(s, rows[call].object))
			put_base(s, t, dirfd, SEC_BASE0 + i);
		break;
	case FETCH_ADDR:
		put_user(s, SEC_ADDR, addr, arg(s, aux), ADDR_MAX);
		break;
	case FETCH_ADDR_OUT:
		len = 0;
		bpf_probe_read_user(&len, sizeof(len), (void *)arg(s, aux));
		put_user(s, SEC_ADDR, addr, len, ADDR_MAX);
		break;
	case FETCH_DATA:
		put_user(s, section, addr, used(s, head(s)->ret < 0 ? 0 : MAX_DATA), MAX_DATA);
		break;
	case FETCH_BLOB:
		put_user(s, section, addr, aux, 255);
		break;
	case FETCH_IOVEC:
		fetch_iovec(s, section, addr);
		break;
	case FETCH_MSG:
		fetch_msg(s, section, addr);
		break;
	case FETCH_ARGV:
		fetch_argv(s, section, addr);
		break;
	}
	return 0;
}

#endif
