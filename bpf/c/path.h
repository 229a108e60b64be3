/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Paths as the kernel has them: a walk from a dentry up to the root of the mount
 * namespace, across mounts. It does not stop at a chroot, so that a process
 * cannot hide a file behind one.
 */
#ifndef LANNER_PATH_H
#define LANNER_PATH_H

#include "record.h"

#define WALK_MAX 1024      /* components and mounts */
#define WALK_MAX_EARLY 48 /* where the kernel has no bpf_loop */

struct walk {
	struct scratch *s;
	u64 dentry, mount, vfsmount;
};

static long walk_step(u32 i, struct walk *w)
{
	struct dentry *d = CAST(dentry, w->dentry);
	struct mount *m = CAST(mount, w->mount);
	struct vfsmount *v = CAST(vfsmount, w->vfsmount);
	struct dentry *parent = LD(d, d_parent);
	struct scratch *s = w->s;
	const unsigned char *name;
	u64 start, len;

	if ((u64)d == (u64)LD(v, mnt_root) || (u64)d == (u64)parent) {
		struct mount *up = LD(m, mnt_parent);

		if ((u64)up == (u64)m || !up)
			return 1;
		w->dentry = (u64)LD(m, mnt_mountpoint);
		w->mount = (u64)up;
		w->vfsmount = (u64)ADDR(up, mnt);
		return 0;
	}
	len = LD(d, d_name.len);
	name = LD(d, d_name.name);
	if (len > NAME_MAX)
		len = NAME_MAX;
	start = s->path_start;
	if (start <= len || start > PATH_ROOM) {
		head(s)->flags |= REC_TRUNCATED;
		return 1;
	}
	start -= len + 1;
	barrier_var(start);
	if (start > PATH_ROOM)
		return 1;
	s->path[start] = '/';
	barrier_var(len);
	bpf_probe_read_kernel(&s->path[start + 1], len & NAME_MAX, name);
	if (s->path_start == PATH_ROOM)
		s->path_last = start + 1;
	s->path_start = start;
	w->dentry = (u64)parent;
	return 0;
}

/* Leaves the path in s->path, from path_start to PATH_ROOM. */
static __noinline int walk_path(struct scratch *s, u64 dentry, u64 vfsmount)
{
	struct walk w = { s, dentry, 0, vfsmount };
	struct mount *none = NULL;

	w.mount = vfsmount - (u64)ADDR(none, mnt);
	s->path_start = s->path_last = PATH_ROOM;
#ifdef LANNER_EARLY
	for (u32 i = 0; i < WALK_MAX_EARLY; i++)
		if (walk_step(i, &w))
			break;
#else
	bpf_loop(WALK_MAX, walk_step, &w, 0);
#endif
	if (s->path_start == PATH_ROOM) {
		s->path_start = PATH_ROOM - 1;
		s->path[PATH_ROOM - 1] = '/';
	}
	return 0;
}

static __always_inline bool unlinked(struct dentry *d)
{
	return !LD(d, d_hash.pprev) && (u64)LD(d, d_parent) != (u64)d;
}

/* Notes where the text of the next section is, for filters. A path that was cut is unknown. */
static __always_inline void note_text(struct scratch *s, u32 text, u64 len, u64 base)
{
	if (head(s)->flags & REC_TRUNCATED)
		return;
	s->facts.texts[text].at = s->off + 4;
	s->facts.texts[text].len = len;
	s->facts.texts[text].base = base;
}

static const char deleted_mark[] = " (deleted)";

/* Adds a section with the path of dentry and mount, with a NUL at its end. */
static __noinline int put_path(struct scratch *s, u64 dentry, u64 vfsmount, u32 kind)
{
	struct dentry *d = CAST(dentry, dentry);
	u64 len, start;
	u8 *out;

	walk_path(s, dentry, vfsmount);
	out = section_begin(s);
	start = s->path_start;
	if (!out || start > PATH_ROOM)
		return 0;
	len = PATH_ROOM - start;
	barrier_var(len);
	if (len > MAX_PATH)
		return 0;
	bpf_probe_read_kernel(out, len, &s->path[start]);
	barrier_var(len);
	len &= SECTION_ROOM - 1; /* which it is anyway; old verifiers have forgotten */
	if (unlinked(d)) {
		__builtin_memcpy(out + len, deleted_mark, sizeof(deleted_mark));
		len += sizeof(deleted_mark) - 1;
	} else {
		out[len] = 0;
	}
	if (kind == SEC_PATH)
		note_text(s, TEXT_PATH, len, s->path_last - start);
	section_end(s, kind, len + 1);
	return 0;
}

#endif
