/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Syscalls by table: a row of package abi says which arguments to follow and
 * which object the call is about; nothing here knows a syscall by name.
 */
#ifndef LANNER_CALLS_H
#define LANNER_CALLS_H

#include "identity.h"
#include "object.h"

/* Rows and the way from a number to its row; written before loading. */
const volatile struct lanner_row rows[CALL_LIMIT];
const volatile u16 native_calls[MAX_NR];
const volatile u16 compat_calls[MAX_NR];

/* Bit nr: the call is wanted, natively, from 32-bit code, or either. Changed while running. */
u64 wanted_native[MAX_NR / 64];
u64 wanted_compat[MAX_NR / 64];
u64 wanted_any[MAX_NR / 64];

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 2

static __always_inline u32 syscall_nr(struct pt_regs *regs) { return LD(regs, orig_ax); }

static __always_inline bool is_compat(struct task_struct *t)
{
	return LD(t, thread_info.status) & TS_COMPAT;
}

static __always_inline void read_args(u64 *args, struct pt_regs *regs, bool compat)
{
	if (compat) {
		args[0] = (u32)LD(regs, bx);
		args[1] = (u32)LD(regs, cx);
		args[2] = (u32)LD(regs, dx);
		args[3] = (u32)LD(regs, si);
		args[4] = (u32)LD(regs, di);
		args[5] = (u32)LD(regs, bp);
		return;
	}
	args[0] = LD(regs, di);
	args[1] = LD(regs, si);
	args[2] = LD(regs, dx);
	args[3] = LD(regs, r10);
	args[4] = LD(regs, r8);
	args[5] = LD(regs, r9);
}

#elif defined(__TARGET_ARCH_arm64)

static __always_inline u32 syscall_nr(struct pt_regs *regs) { return LD(regs, syscallno); }

/* 32-bit ARM has numbers of its own, which the table does not hold: such calls are left out. */
static __always_inline bool is_compat(struct task_struct *t)
{
	return LD(t, thread_info.flags) & 1UL << 22; /* _TIF_32BIT */
}

static __always_inline void read_args(u64 *args, struct pt_regs *regs, bool compat)
{
	args[0] = LD(regs, orig_x0); /* x0 has the result already */
	args[1] = LD(regs, regs[1]);
	args[2] = LD(regs, regs[2]);
	args[3] = LD(regs, regs[3]);
	args[4] = LD(regs, regs[4]);
	args[5] = LD(regs, regs[5]);
}

#endif

static __always_inline u64 arg(struct scratch *s, u32 i)
{
	return i < 6 ? head(s)->args[i] : 0;
}

static __always_inline void fetch_text(struct scratch *s, u32 section, u64 addr)
{
	u8 *out = section_begin(s);
	long n;

	if (!out || !addr)
		return;
	n = bpf_probe_read_user_str(out, MAX_PATH, (void *)addr);
	if (n <= 0 || n > MAX_PATH) {
		head(s)->flags |= REC_FAULT;
		return;
	}
	section_end(s, section, n);
}

static __noinline int fetch_one(struct scratch *s, u32 call, u32 i)
{
	u64 addr;

	if (call >= CALL_LIMIT || i >= MAX_FETCH)
		return 0;
	addr = arg(s, rows[call].fetch[i].arg);
	switch (rows[call].fetch[i].kind) {
	case FETCH_TEXT:
	case FETCH_PATH:
		fetch_text(s, SEC_FETCH0 + i, addr);
		break;
	}
	return 0;
}

static __noinline int emit_call(struct scratch *s, struct task_struct *t, u32 call)
{
	u32 n;

	if (call >= CALL_LIMIT)
		return 0;
	n = rows[call].num_fetch;
	for (u32 i = 0; i < MAX_FETCH; i++)
		if (i < n)
			fetch_one(s, call, i);
	switch (rows[call].object) {
	case OBJECT_RET:
		if (head(s)->ret >= 0)
			put_object(s, file_of_fd(t, head(s)->ret));
		break;
	case OBJECT_ARG:
		put_object(s, file_of_fd(t, arg(s, rows[call].object_arg)));
		break;
	}
	record_submit(s);
	return 0;
}

static __noinline int wanted_exit(struct pt_regs *regs, s64 ret, u64 nr)
{
	struct task_struct *t = CURRENT();
	bool compat = is_compat(t);
	struct scratch *s;
	u32 call;

	nr &= MAX_NR - 1;
	if (!((compat ? wanted_compat[nr / 64] : wanted_native[nr / 64]) & 1ULL << nr % 64))
		return 0;
	if (LD(t, tgid) == own_pid)
		return 0;
	call = compat ? compat_calls[nr] : native_calls[nr];
	if (call >= CALL_LIMIT)
		return 0;
	s = record_begin(call, rows[call].lineage);
	if (!s)
		return 0;
	fill_identity(s, t);
	head(s)->ret = ret;
	if (compat)
		head(s)->flags |= REC_COMPAT32;
	read_args(head(s)->args, regs, compat);
	return emit_call(s, t, call);
}

#endif
