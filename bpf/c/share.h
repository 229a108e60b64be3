/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Whose records are refused first when the ring fills: those of whoever fills it. */
#ifndef LANNER_SHARE_H
#define LANNER_SHARE_H

#include "helpers.h"
#include "abi.h"

#define SHARE_SLOTS 1024
#define SHARE_WINDOW 27   /* windows of 2^27 ns, 0.13 s */
#define SHARE_RECORDS 256 /* of a process in a window */

/*
 * What a process sent in a window of time. Processes find their slot by number
 * and take it from each other; CPUs write without a lock. So the count is a
 * rough one, which is enough to tell a flood from a program that opens its files.
 */
struct share {
	u32 pid;
	u32 window;
	u64 records;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SHARE_SLOTS);
	__type(key, u32);
	__type(value, struct share);
} shares SEC(".maps");

/* Counts a record of the current process; true when it had its share. */
static __always_inline bool over_share(void)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	u32 slot = pid % SHARE_SLOTS;
	u32 window = bpf_ktime_get_boot_ns() >> SHARE_WINDOW;
	struct share *s = bpf_map_lookup_elem(&shares, &slot);

	if (!s)
		return false;
	if (s->pid != pid || s->window != window) {
		s->pid = pid;
		s->window = window;
		s->records = 0;
	}
	return ++s->records > SHARE_RECORDS;
}

#endif
