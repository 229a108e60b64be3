/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Who acts: written into the head of every record, so that no consumer depends on an earlier one. */
#ifndef LANNER_IDENTITY_H
#define LANNER_IDENTITY_H

#include "record.h"

enum { PIDTYPE_PGID = 2, PIDTYPE_SID = 3 };

static __always_inline u32 pid_nr(struct pid *pid, u32 level)
{
	struct upid upid = {};

	bpf_probe_read_kernel(&upid, sizeof(upid),
			      (u8 *)ADDR(pid, numbers) + (u64)level * type_size(struct upid));
	return upid.nr;
}

/* A terminal as user space encodes device numbers; 0: none. */
static __always_inline u32 tty_number(struct tty_struct *tty)
{
	struct tty_driver *driver;
	u32 major, minor;

	if (!tty)
		return 0;
	driver = LD(tty, driver);
	major = LD(driver, major);
	minor = LD(driver, minor_start) + LD(tty, index);
	return (minor & 0xff) | major << 8 | (minor & ~0xffU) << 12;
}

static __always_inline void put_comm(struct lanner_head *h, struct task_struct *t)
{
#ifdef LANNER_PROBE
	bpf_probe_read_kernel(h->comm, sizeof(h->comm), ADDR(t, comm));
#else
	u64 *from = ADDR(t, comm), *to = (u64 *)h->comm;

	to[0] = from[0];
	to[1] = from[1];
#endif
}

static __always_inline void fill_pids(struct lanner_head *h, struct task_struct *t, struct identity_key *k)
{
	struct pid *pid = CAST(pid, k->pid), *group = CAST(pid, k->group), *session = CAST(pid, k->session);
	u32 level = LD(pid, level);

	h->pid_level = level;
	h->pgid = LD(group, numbers[0].nr);
	if (level == 0) {
		h->vtid = h->tid;
		h->vpid = h->pid;
		h->vpgid = h->pgid;
		h->sid = LD(session, numbers[0].nr);
		return;
	}
	if (level > 32)
		level = 32;
	h->vtid = pid_nr(pid, level);
	h->vpid = h->vtid;
	if (h->pid != h->tid) {
		struct task_struct *leader = LD(t, group_leader);

		h->vpid = pid_nr(LD(leader, thread_pid), level);
	}
	h->vpgid = pid_nr(group, level);
	h->sid = pid_nr(session, level);
}

static __noinline int fill_all(struct scratch *s, struct task_struct *t)
{
	struct lanner_head *h = head(s);
	struct identity_key *k = &s->identity;
	struct task_struct *leader = LD(t, group_leader);
	struct task_struct *parent = CAST(task_struct, k->parent);
	struct task_struct *parent_leader = LD(parent, group_leader);
	struct cred *cred = CAST(cred, k->cred);
	struct css_set *css = CAST(css_set, k->css);
	struct cgroup *cgroup = LD(css, dfl_cgrp);
	struct kernfs_node *kn = LD(cgroup, kn);

	h->tid = LD(t, pid);
	h->pid = LD(t, tgid);
	h->ppid = LD(parent, tgid);
	h->start = LD(leader, start_boottime);
	h->parent_start = LD(parent_leader, start_boottime);
	h->cgroup = LD(kn, id);
	h->uid = LD(cred, euid.val);
	h->gid = LD(cred, egid.val);
	h->tty = tty_number(CAST(tty_struct, k->tty));
	fill_pids(h, t, k);
	return 0;
}

/*
 * Who t is, in the head of the record. A thread that makes one call after the
 * other on a CPU finds there what its last record said.
 */
static __always_inline void fill_identity(struct scratch *s, struct task_struct *t)
{
	struct signal_struct *signal = LD(t, signal);
	struct lanner_head *h = head(s);
	struct identity_key *k = &s->identity, now = {
		.task = (u64)t,
		.start = LD(t, start_boottime),
		.pid = (u64)LD(t, thread_pid),
		.group = (u64)LD(signal, pids[PIDTYPE_PGID]),
		.session = (u64)LD(signal, pids[PIDTYPE_SID]),
		.parent = (u64)LD(t, real_parent),
		.cred = (u64)LD(t, cred),
		.css = (u64)LD(t, cgroups),
		.tty = (u64)LD(signal, tty),
	};

	if ((k->task ^ now.task) | (k->start ^ now.start) | (k->pid ^ now.pid) |
	    (k->group ^ now.group) | (k->session ^ now.session) | (k->parent ^ now.parent) |
	    (k->cred ^ now.cred) | (k->css ^ now.css) | (k->tty ^ now.tty)) {
		*k = now;
		fill_all(s, t);
	}
	h->time = bpf_ktime_get_boot_ns();
	h->generation = generation;
	h->login_uid = field_exists(t, loginuid) ? LD(t, loginuid.val) : ~0U;
	put_comm(h, t);
}

#endif
