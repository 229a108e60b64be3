/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The ring, the per-CPU scratch in which a record is built, and what is counted. */
#ifndef LANNER_RECORD_H
#define LANNER_RECORD_H

#include "helpers.h"
#include "abi.h"
#include "share.h"

#define SECTION_ROOM 8192 /* most bytes of one section; at least MAX_PATH and MAX_ARGS */
#define PATH_ROOM MAX_PATH
#define NAME_MAX 255

/* Rows and the way from a number to its row; written before loading. */
const volatile struct lanner_row rows[CALL_LIMIT];
const volatile u16 native_calls[MAX_NR];
const volatile u16 compat_calls[MAX_NR];
const volatile u16 socket_calls[32];

/* What a thread's identity is made of: it is the same as long as none of these changes. */
struct identity_key {
	u64 task, start, pid, group, session, parent, cred, css, tty;
};

/* A text in the record: where, how long, and where its last component starts. */
struct text { u64 at, len, base; }; /* at 0: unknown */

/* What filters ask of a record (filter.h). */
struct facts {
	u64 open; /* situations in which a rule may still match */
	u32 filter, object;
	struct text texts[FILTER_TEXTS];
	struct lanner_trie_key key;
};

/*
 * Programs run with preemption off and do not nest on a CPU, so one scratch a
 * CPU is enough. Offsets live here, not in registers: the verifier forgets what
 * it knew about them, which keeps its state count small, and every use checks.
 */
struct scratch {
	struct facts facts;
	u64 off;        /* where the next section starts in rec */
	u64 path_start; /* where the path that was walked starts in path */
	u64 path_last;  /* and its last component */
	struct identity_key identity; /* of whom the head in rec tells */
	u8 rec[MAX_RECORD + SECTION_ROOM + 64];
	u8 path[PATH_ROOM + 2 * (NAME_MAX + 1)];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* the loader sets the number of CPUs */
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 23); /* the loader sets the size */
} ring SEC(".maps");

struct counts { u64 n[COUNT_CAUSES]; };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CALL_SPACE);
	__type(key, u32);
	__type(value, struct counts);
} counters SEC(".maps");

/* Set by the loader before the programs load. */
const volatile u64 bulk_limit = 6 << 20; /* fill above which bulk records are refused */
const volatile u64 fair_limit = 4 << 20; /* fill above which a process has a share */
const volatile u64 wake_fill = 1 << 18;  /* fill above which a sleeping reader is woken */
const volatile u8 with_env;

/* Changed while running. */
u32 generation;
u32 reader_sleeps;
u32 own_pid; /* the capturing process, whose syscalls are left out; 0: none */

static __always_inline void count(u32 call, u32 cause)
{
	struct counts *c = bpf_map_lookup_elem(&counters, &call);

	if (c && cause < COUNT_CAUSES)
		c->n[cause]++;
}

static __always_inline struct lanner_head *head(struct scratch *s)
{
	return (struct lanner_head *)s->rec;
}

/*
 * Tells whether there is room for the record, before anything costly is read,
 * and hands out this CPU's scratch. Bulk records may fill the ring up to a
 * limit, the upper part of that by shares; what lineage depends on may always
 * use the rest.
 */
static __always_inline struct scratch *record_begin(u32 call, bool lineage)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s;

	if (!lineage) {
		u64 fill = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);

		if (fill > bulk_limit) {
			count(call, COUNT_REFUSED);
			return NULL;
		}
		if (fill > fair_limit && over_share()) {
			count(call, COUNT_OVER_SHARE);
			return NULL;
		}
	}
	s = bpf_map_lookup_elem(&scratches, &cpu);
	if (!s)
		return NULL;
	s->off = sizeof(struct lanner_head);
	head(s)->call = call;
	head(s)->flags = lineage ? REC_LINEAGE : 0;
	head(s)->sections = 0;
	s->facts.object = FEAT_UNKNOWN;
	s->facts.texts[TEXT_PATH].at = s->facts.texts[TEXT_RAW].at = 0;
	head(s)->cpu = cpu;
	return s;
}

static __always_inline void record_submit(struct scratch *s)
{
	u32 call = head(s)->call;
	u64 size = s->off, wake = BPF_RB_NO_WAKEUP;

	if (size > MAX_RECORD + SECTION_ROOM) {
		count(call, COUNT_TOO_BIG);
		return;
	}
	head(s)->size = size;
	if (reader_sleeps && bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) > wake_fill) {
		reader_sleeps = 0;
		wake = BPF_RB_FORCE_WAKEUP;
	}
	if (bpf_ringbuf_output(&ring, s->rec, size, wake))
		count(call, COUNT_FULL);
	else
		count(call, COUNT_SENT);
}

/*
 * A section is begun, SECTION_ROOM bytes at most are written at the pointer, and
 * it is ended with what was used. NULL: the record is full.
 */
static __always_inline u8 *section_begin(struct scratch *s)
{
	u64 off = s->off;

	if (off > MAX_RECORD) {
		head(s)->flags |= REC_TRUNCATED;
		return NULL;
	}
	return &s->rec[off + 4];
}

static __always_inline void section_end(struct scratch *s, u64 kind, u64 len)
{
	u64 off = s->off;

	if (off > MAX_RECORD || len > SECTION_ROOM)
		return;
	*(u32 *)&s->rec[off] = kind | len << 16;
	s->off = off + 4 + ((len + 3) & ~3ULL);
	head(s)->sections++;
}

#endif
