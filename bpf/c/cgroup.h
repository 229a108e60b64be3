/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The path of a cgroup, from which user space knows the container. */
#ifndef LANNER_CGROUP_H
#define LANNER_CGROUP_H

#include "record.h"

#define CGROUP_DEPTH 24

static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *kn)
{
	struct kernfs_node___old *old = (void *)kn;

	if (field_exists(kn, __parent))
		return LD(kn, __parent);
	return LD(old, parent);
}

/* Writes the path backwards to the end of s->path. */
static long cgroup_step(u32 i, struct walk *w)
{
	struct kernfs_node *kn = CAST(kernfs_node, w->dentry);
	struct kernfs_node *parent = kernfs_parent(kn);
	struct scratch *s = w->s;
	u8 *name = &s->path[PATH_ROOM];
	u64 start, len;
	long n;

	if (!parent)
		return 1;
	n = bpf_probe_read_kernel_str(name, NAME_MAX + 1, LD(kn, name));
	if (n <= 1)
		return 1;
	len = n - 1;
	start = s->path_start;
	if (start <= len || start > PATH_ROOM || len > NAME_MAX)
		return 1;
	start -= len + 1;
	barrier_var(start);
	if (start > PATH_ROOM)
		return 1;
	s->path[start] = '/';
	barrier_var(len);
	bpf_probe_read_kernel(&s->path[start + 1], len & NAME_MAX, name);
	s->path_start = start;
	w->dentry = (u64)parent;
	return 0;
}

static __noinline int put_cgroup(struct scratch *s, u64 kn, u64 kind)
{
	struct walk w = { s, kn, 0, 0 };
	u64 start, len;
	u8 *out;

	s->path_start = PATH_ROOM;
	for (u32 i = 0; i < CGROUP_DEPTH; i++)
		if (cgroup_step(i, &w))
			break;
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
	len &= SECTION_ROOM - 1;
	if (len == 0) {
		out[0] = '/';
		len = 1;
	}
	barrier_var(len);
	len &= SECTION_ROOM - 1;
	out[len] = 0;
	section_end(s, kind, len + 1);
	return 0;
}

/*
 * The path in the default hierarchy, and, where the memory controller lives in a
 * hierarchy of its own (cgroup v1), the path there.
 */
static __always_inline void put_cgroups(struct scratch *s, struct task_struct *t)
{
	struct css_set *css = LD(t, cgroups);
	struct cgroup *cgroup = LD(css, dfl_cgrp);
	struct cgroup_subsys_state *state = NULL;
	struct cgroup *v1;
	u64 id;

	put_cgroup(s, (u64)LD(cgroup, kn), SEC_CGROUP);
	if (!enum_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return;
	id = enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	bpf_probe_read_kernel(&state, sizeof(state), (u8 *)ADDR(css, subsys) + id * sizeof(state));
	state = CAST(cgroup_subsys_state, state);
	v1 = LD(state, cgroup);
	if (v1 && v1 != cgroup)
		put_cgroup(s, (u64)LD(v1, kn), SEC_CGROUP_V1);
}

#endif
