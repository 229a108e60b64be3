/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* fork, exec and exit: what the process table lives on. */
#ifndef LANNER_LINEAGE_H
#define LANNER_LINEAGE_H

#include "caps.h"
#include "identity.h"
#include "object.h"
#include "cgroup.h"
#include "regs.h"

#define NSEC 1000000000ULL
#define RLIMIT_NOFILE 7
#define CAP_DAC_OVERRIDE 1
#define CAP_FOWNER 3
#define SB_RDONLY 1
#define S_IMMUTABLE 8
#define MAY_WRITE 2

enum {
	CLONE_VM = 0x100, CLONE_FS = 0x200, CLONE_FILES = 0x400,
	CLONE_THREAD = 0x10000, CLONE_NEWPID = 0x20000000,
};

static __always_inline u64 pidns_start(struct task_struct *t)
{
	struct pid *pid = LD(t, thread_pid);
	u32 level = LD(pid, level);
	struct upid upid = {};
	struct pid_namespace *ns;
	struct task_struct *init;

	if (level > 32)
		return 0;
	bpf_probe_read_kernel(&upid, sizeof(upid),
			      (u8 *)ADDR(pid, numbers) + (u64)level * type_size(struct upid));
	ns = CAST(pid_namespace, upid.ns);
	init = LD(ns, child_reaper);
	return LD(init, start_boottime);
}

/* Could the user that runs the file have written it, or made it writable? */
static __always_inline bool exe_writable(struct cred *cred, struct inode *inode)
{
	struct super_block *sb = LD(inode, i_sb);
	u32 mode = LD(inode, i_mode);
	u64 caps = capabilities(ADDR(cred, cap_effective));

	if (LD(sb, s_flags) & SB_RDONLY || LD(inode, i_flags) & S_IMMUTABLE)
		return false;
	if (caps & (1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER))
		return true;
	if (LD(cred, fsuid.val) == LD(inode, i_uid.val))
		return true;
	if (LD(cred, fsgid.val) == LD(inode, i_gid.val))
		return mode & MAY_WRITE << 3;
	return mode & MAY_WRITE;
}

static __always_inline void inode_times(struct inode *i, struct lanner_exec *e)
{
	struct inode___mid *mid = (void *)i;
	struct inode___old *old = (void *)i;

	if (field_exists(i, i_mtime_sec)) {
		e->mtime = LD(i, i_mtime_sec) * NSEC + LD(i, i_mtime_nsec);
		e->ctime = LD(i, i_ctime_sec) * NSEC + LD(i, i_ctime_nsec);
		return;
	}
	if (field_exists(mid, __i_mtime))
		e->mtime = LD(mid, __i_mtime.tv_sec) * NSEC + LD(mid, __i_mtime.tv_nsec);
	else if (field_exists(old, i_mtime))
		e->mtime = LD(old, i_mtime.tv_sec) * NSEC + LD(old, i_mtime.tv_nsec);
	if (field_exists(mid, __i_ctime))
		e->ctime = LD(mid, __i_ctime.tv_sec) * NSEC + LD(mid, __i_ctime.tv_nsec);
	else if (field_exists(old, i_ctime))
		e->ctime = LD(old, i_ctime.tv_sec) * NSEC + LD(old, i_ctime.tv_nsec);
}

/* NUL-separated user memory between two addresses, cut at MAX_ARGS. */
static __always_inline void put_user_range(struct scratch *s, u64 from, u64 to, u32 kind)
{
	u8 *out = section_begin(s);
	u64 len = to - from;

	if (!out || to <= from)
		return;
	if (len > MAX_ARGS) {
		len = MAX_ARGS;
		head(s)->flags |= REC_TRUNCATED;
	}
	barrier_var(len);
	if (len > MAX_ARGS)
		return;
	if (bpf_probe_read_user(out, len, (void *)from)) {
		head(s)->flags |= REC_FAULT;
		return;
	}
	section_end(s, kind, len);
}

static __always_inline void put_exec(struct scratch *s, struct task_struct *t, struct mm_struct *mm)
{
	struct cred *cred = LD(t, cred);
	struct signal_struct *signal = LD(t, signal);
	struct file *exe = LD(mm, exe_file);
	struct inode *inode = LD(exe, f_inode);
	struct super_block *sb = LD(inode, i_sb);
	struct lanner_exec *e = (void *)section_begin(s);

	if (!e)
		return;
	__builtin_memset(e, 0, sizeof(*e));
	e->ino = LD(inode, i_ino);
	e->dev = LD(sb, s_dev);
	e->mode = LD(inode, i_mode);
	inode_times(inode, e);
	e->cap_inheritable = capabilities(ADDR(cred, cap_inheritable));
	e->cap_permitted = capabilities(ADDR(cred, cap_permitted));
	e->cap_effective = capabilities(ADDR(cred, cap_effective));
	e->fd_limit = LD(signal, rlim[RLIMIT_NOFILE].rlim_cur);
	e->major_faults = LD(t, maj_flt);
	e->minor_faults = LD(t, min_flt);
	e->pidns_start = pidns_start(t);
	e->vm_size = LD(mm, total_vm) << 2;
	e->layer = overlay_layer(inode);
	e->call = call_of(t);
	if (exe_writable(cred, inode))
		e->flags |= EXE_WRITABLE;
	if (is_memfd(exe))
		e->flags |= EXE_MEMFD;
	section_end(s, SEC_EXEC, sizeof(*e));
}

static __always_inline void put_fork(struct scratch *s, struct task_struct *parent, struct task_struct *child)
{
	struct cred *cred = LD(child, cred);
	struct lanner_fork *f = (void *)section_begin(s);
	struct pid *parent_pid = LD(parent, thread_pid), *child_pid = LD(child, thread_pid);
	u32 flags = 0;

	if (!f)
		return;
	f->cap_inheritable = capabilities(ADDR(cred, cap_inheritable));
	f->cap_permitted = capabilities(ADDR(cred, cap_permitted));
	f->cap_effective = capabilities(ADDR(cred, cap_effective));
	f->pidns_start = pidns_start(child);
	f->parent_tid = LD(parent, pid);
	f->parent_pid = LD(parent, tgid);
	if ((u64)LD(child, mm) == (u64)LD(parent, mm))
		flags |= CLONE_VM;
	if ((u64)LD(child, fs) == (u64)LD(parent, fs))
		flags |= CLONE_FS;
	if ((u64)LD(child, files) == (u64)LD(parent, files))
		flags |= CLONE_FILES;
	if (LD(child, tgid) == LD(parent, tgid))
		flags |= CLONE_THREAD;
	if (LD(child_pid, level) != LD(parent_pid, level))
		flags |= CLONE_NEWPID;
	f->flags = flags;
	f->call = call_of(child);
	section_end(s, SEC_FORK, sizeof(*f));
}

#endif
