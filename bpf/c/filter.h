/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What the loaded rules ask of a call, so that calls which no rule can match do
 * not leave the kernel. Each bit of a mask stands for a situation in which a
 * rule may match; what is found out about the call clears bits, and a call with
 * none left is dropped. What cannot be found out clears nothing. The tables come
 * from user space (engine/predicate), which has the same evaluation for tests.
 */
#ifndef LANNER_FILTER_H
#define LANNER_FILTER_H

#include "path.h"

#define FILTER_OPEN (~0ULL)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_FILTERS);
	__type(key, u32);
	__type(value, struct lanner_filter);
} filters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1 << 17);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct lanner_trie_key);
	__type(value, struct lanner_trie_value);
} filter_trie SEC(".maps");

/* The filter of each row; 0: none. Changed while running. */
u16 filter_of[CALL_LIMIT];
/* Set by the loader before the programs load. */
const volatile u8 with_filter;

#define OPEN_ACCESS 3
#define OPEN_CREATES (0100 | 020000000) /* O_CREAT, __O_TMPFILE */

static __always_inline u64 result_of(s64 ret)
{
	u64 result = ret < 0 ? RESULT_FAILED : ret > 2 ? RESULT_MORE : RESULT_0 + ret;

	barrier_var(result);
	return result & FEAT_UNKNOWN; /* an index, for the verifier too */
}

/* What is known before anything is read: the situations that are left. */
static __always_inline u64 filter_call(u32 filter, u64 call, u64 *args, s64 ret)
{
	struct lanner_filter *f = bpf_map_lookup_elem(&filters, &filter);
	u64 open, flags, at;

	if (!f || call >= CALL_LIMIT)
		return FILTER_OPEN;
	open = f->allow[FEAT_RESULT].value[result_of(ret)];
	at = rows[call].open_flags;
	if (at != 2 && at != 3)
		return open & f->allow[FEAT_ACCESS].value[FEAT_UNKNOWN] & f->allow[FEAT_CREATES].value[FEAT_UNKNOWN];
	flags = at == 2 ? args[1] : args[2]; /* no index: args is on the stack */
	return open & f->allow[FEAT_ACCESS].value[flags & OPEN_ACCESS] &
	       f->allow[FEAT_CREATES].value[!!(flags & OPEN_CREATES)];
}

/* The path as the call was given it is the first section, if it could be read. */
static __always_inline void note_raw(struct scratch *s, u64 call)
{
	u32 section = *(u32 *)&s->rec[sizeof(struct lanner_head)];
	u64 len = section >> 16;

	if (call >= CALL_LIMIT || head(s)->flags & (REC_FAULT | REC_TRUNCATED) || head(s)->sections == 0)
		return;
	if (rows[call].object != OBJECT_RET || rows[call].fetch[0].kind != FETCH_PATH)
		return;
	if ((section & 0xffff) != SEC_FETCH0 || len < 2)
		return;
	s->facts.texts[TEXT_RAW].at = sizeof(struct lanner_head) + 4;
	s->facts.texts[TEXT_RAW].len = len - 1;
	s->facts.texts[TEXT_RAW].base = 0;
}

/*
 * A place in the record, whatever at is. In one register: the verifier of 6.1
 * does not know that a copy has the bounds that were checked.
 */
static __always_inline u8 *place(struct scratch *s, u64 at)
{
	asm volatile("if %0 <= %1 goto +1\n%0 = %1" : "+r"(at) : "i"(MAX_RECORD));
	return &s->rec[at];
}

static __always_inline u64 ask_trie(struct scratch *s, u32 text, u64 at, u64 base)
{
	struct lanner_trie_key *key = &s->facts.key;
	struct lanner_trie_value *v;

	key->prefix_len = 8 * (sizeof(*key) - sizeof(key->prefix_len));
	key->filter = s->facts.filter;
	key->text = text;
	bpf_probe_read_kernel(key->name, sizeof(key->name), place(s, at));
	v = bpf_map_lookup_elem(&filter_trie, key);
	if (!v)
		return 0;
	return v->any | (v->dir_len == base ? v->dir : 0);
}

/* Whether the trie may have an answer for the text at. */
static __always_inline bool gate_open(struct scratch *s, u64 *gate, u64 at)
{
	u32 h = *(u32 *)place(s, at) * (u32)GATE_FACTOR >> 24;

	return gate[h / 64 & 3] >> h % 64 & 1;
}

struct search {
	struct scratch *s;
	struct lanner_filter_needles *n;
	u64 at, hits;
};

static long search_step(u32 i, struct search *c)
{
	struct lanner_filter_needles *n = c->n;
	u64 next = *(u64 *)place(c->s, c->at + i);

	if (!(n->first >> (next & 63) & 1))
		return 0;
	for (u32 k = 0; k < MAX_NEEDLES; k++)
		if ((next & n->needles[k].mask) == n->needles[k].value)
			c->hits |= n->needles[k].situations;
	return 0;
}

/* The situations whose needles the text has; all, where it is not searched. */
static __always_inline u64 search(struct scratch *s, struct lanner_filter_needles *n, u64 at, u64 len)
{
#ifdef LANNER_EARLY
	return FILTER_OPEN;
#else
	struct search c = { s, n, at, 0 };

	if (len >= MAX_SCAN)
		return FILTER_OPEN;
	bpf_loop(len + 1, search_step, &c, 0); /* the end of the text counts */
	return c.hits;
#endif
}

/* The situations that a text leaves. */
static __noinline u64 filter_text(struct scratch *s, struct lanner_filter *f, u32 text)
{
	struct lanner_filter_text *t;
	u64 at, base, mask, asked;

	if (text >= FILTER_TEXTS)
		return FILTER_OPEN;
	t = &f->texts[text];
	at = s->facts.texts[text].at;
	base = s->facts.texts[text].base;
	if (at == 0)
		return FILTER_OPEN;
	mask = t->free;
	asked = s->facts.open & ~mask;
	if (asked & t->indexed && gate_open(s, t->gate, at))
		mask |= ask_trie(s, text, at, base);
	if (asked & ~mask & t->bases && gate_open(s, t->base_gate, at + base))
		mask |= ask_trie(s, text | TRIE_BASE, at + base, 0);
	if (asked & ~mask & t->searched)
		mask |= t->searched & search(s, &f->needles[text], at, s->facts.texts[text].len);
	return mask;
}

/* Whether some rule may match the record, whose fetches and object are in it. */
static __noinline int filter_record(struct scratch *s, u64 call, u32 filter, u64 open)
{
	struct lanner_filter *f = bpf_map_lookup_elem(&filters, &filter);

	if (!f)
		return 1;
	s->facts.filter = filter;
	s->facts.open = open & f->allow[FEAT_OBJECT].value[s->facts.object & FEAT_UNKNOWN];
	note_raw(s, call);
	if (s->facts.open)
		s->facts.open &= filter_text(s, f, TEXT_PATH);
	if (s->facts.open)
		s->facts.open &= filter_text(s, f, TEXT_RAW);
	return s->facts.open != 0;
}

#endif
