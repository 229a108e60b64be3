/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Where each architecture keeps the number and the arguments of a syscall. */
#ifndef LANNER_REGS_H
#define LANNER_REGS_H

#include "record.h"

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 2

/* Calls of the x32 ABI carry a bit of their own. */
static __always_inline u32 syscall_nr(struct pt_regs *regs) { return LD(regs, orig_ax) & ~0x40000000U; }

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

/* The row of the call that t is in; NO_CALL if that is not known. */
static __always_inline u32 call_of(struct task_struct *t)
{
#ifndef LANNER_PROBE
	struct pt_regs *regs = CAST(pt_regs, bpf_task_pt_regs(t));
	u64 nr = syscall_nr(regs);

	if (nr >= MAX_NR)
		return NO_CALL;
	barrier_var(nr);
	nr &= MAX_NR - 1;
	return is_compat(t) ? compat_calls[nr] : native_calls[nr];
#else
	return NO_CALL;
#endif
}

#endif
