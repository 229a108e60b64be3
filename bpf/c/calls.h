/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Syscalls by table: a row of package abi says which arguments to follow and
 * which object the call is about; nothing here knows a syscall by name.
 */
#ifndef LANNER_CALLS_H
#define LANNER_CALLS_H

#include "identity.h"
#include "caps.h"
#include "filter.h"
#include "fetch.h"
#include "regs.h"

/* Bit nr: the call is wanted, natively, from 32-bit code, or either. Changed while running. */
u64 wanted_native[MAX_NR / 64];
u64 wanted_compat[MAX_NR / 64];
u64 wanted_any[MAX_NR / 64];
u64 wanted_calls[CALL_LIMIT / 64]; /* by row */

/* The socket calls of 32-bit x86 come through one number, their arguments in an array. */
#define COMPAT_SOCKETCALL 102
#define SOCKET_CALLS 21

static __always_inline u64 demux_socketcall(u64 *args)
{
	u32 a[6] = {};
	u64 which = args[0];

	if (which >= SOCKET_CALLS)
		return NO_CALL;
	if (bpf_probe_read_user(a, sizeof(a), (void *)args[1]))
		return NO_CALL;
	for (u32 i = 0; i < 6; i++)
		args[i] = a[i];
	barrier_var(which);
	return socket_calls[which & 31];
}

/*
 * Which row a call is, with its arguments in args; NO_CALL for one that is not
 * wanted after all. An exec that succeeded has its own record.
 */
static __always_inline u64 find_call(u64 *args, u64 nr, bool compat, s64 ret)
{
	u64 call = compat ? compat_calls[nr] : native_calls[nr];

	if (compat && nr == COMPAT_SOCKETCALL)
		call = demux_socketcall(args);
	if (call >= CALL_LIMIT)
		return NO_CALL;
	if (!(wanted_calls[call / 64] & 1ULL << call % 64))
		return NO_CALL;
	if (rows[call].flags & ROW_FAILURES && ret >= 0)
		return NO_CALL;
	return call;
}

static __noinline int put_call_object(struct scratch *s, struct task_struct *t, u64 call)
{
	struct fs_struct *fs;

	if (call >= CALL_LIMIT)
		return 0;
	switch (rows[call].object) {
	case OBJECT_RET:
		if (head(s)->ret >= 0)
			put_object(s, file_of_fd(t, head(s)->ret));
		break;
	case OBJECT_ARG:
		put_object(s, file_of_fd(t, arg(s, rows[call].object_arg)));
		break;
	case OBJECT_CWD:
		fs = LD(t, fs);
		if (head(s)->ret >= 0)
			put_path(s, (u64)LD(fs, pwd.dentry), (u64)LD(fs, pwd.mnt), SEC_CWD);
		break;
	}
	return 0;
}

#define EINVAL 22

/*
 * The capturing process is left out, but for its heartbeat: a call that is always
 * wanted and asks for what cannot be. Nothing else that it does is such a call.
 */
static __always_inline bool heartbeat(u64 call, s64 ret)
{
	return ret == -EINVAL && rows[call].flags & ROW_LINEAGE;
}

static __noinline int wanted_exit(struct pt_regs *regs, s64 ret, u64 nr)
{
	struct task_struct *t = CURRENT();
	bool compat = is_compat(t);
	struct scratch *s;
	u64 args[6], call, open;
	bool own;
	u32 filter;

	nr &= MAX_NR - 1;
	if (!((compat ? wanted_compat[nr / 64] : wanted_native[nr / 64]) & 1ULL << nr % 64))
		return 0;
	own = LD(t, tgid) == own_pid;
	read_args(args, regs, compat);
	call = find_call(args, nr, compat, ret);
	if (call >= CALL_LIMIT)
		return 0;
	if (own && !heartbeat(call, ret))
		return 0;
	filter = with_filter && !own ? filter_of[call] : 0;
	open = filter ? filter_call(filter, call, args, ret) : FILTER_OPEN;
	if (!open) {
		count(call, COUNT_FILTERED);
		return 0;
	}
	s = record_begin(call, rows[call].flags & ROW_LINEAGE);
	if (!s)
		return 0;
	head(s)->ret = ret;
	if (compat)
		head(s)->flags |= REC_COMPAT32;
	__builtin_memcpy(head(s)->args, args, sizeof(args));
	for (u64 i = 0; i < MAX_FETCH; i++) {
		if (i >= rows[call].num_fetch)
			break;
		fetch_one(s, t, call, i);
	}
	put_call_object(s, t, call);
	if (filter && !filter_record(s, call, filter, open)) {
		count(call, COUNT_FILTERED);
		return 0;
	}
	fill_identity(s, t);
	if (rows[call].flags & ROW_CAPS)
		put_caps(s, t);
	record_submit(s);
	return 0;
}

#endif
