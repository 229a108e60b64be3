/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The programs. Each is loaded and attached by itself: a kernel that refuses one loses only that. */
#include "lineage.h"
#include "calls.h"
#include "uring.h"

#ifdef LANNER_PROBE
#define TRACE(event) SEC("raw_tp/" event)
#else
#define TRACE(event) SEC("tp_btf/" event)
#endif

TRACE("sys_exit") int sys_exit(u64 *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx[0];
	u64 nr = syscall_nr(regs);

	if (nr >= MAX_NR)
		return 0;
	barrier_var(nr);
	nr &= MAX_NR - 1;
	if (likely(!(wanted_any[nr / 64] & 1ULL << nr % 64)))
		return 0;
	return wanted_exit(regs, ctx[1], nr);
}

TRACE("sched_process_fork") int sched_fork(u64 *ctx)
{
	struct task_struct *parent = (struct task_struct *)ctx[0];
	struct task_struct *child = (struct task_struct *)ctx[1];
	struct scratch *s = record_begin(CALL_FORK, true);

	if (!s)
		return 0;
	fill_identity(s, child);
	head(s)->ret = 0;
	put_fork(s, parent, child);
	put_cgroups(s, child);
	record_submit(s);
	return 0;
}

TRACE("sched_process_exec") int sched_exec(u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct linux_binprm *bprm = (struct linux_binprm *)ctx[2];
	struct scratch *s = record_begin(CALL_EXEC, true);
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct file *exe;
	u8 *out;
	long n;

	if (!s)
		return 0;
	fill_identity(s, task);
	head(s)->ret = 0;
	head(s)->args[0] = (u32)ctx[1]; /* thread that called, if it was not the main one */
	mm = LD(task, mm);
	put_exec(s, task, mm);
	exe = LD(mm, exe_file);
	if (is_memfd(exe))
		put_loose_name(s, LD(exe, f_path.dentry));
	else
		put_path(s, (u64)LD(exe, f_path.dentry), (u64)LD(exe, f_path.mnt), SEC_EXE);
	out = section_begin(s);
	if (out) {
		n = bpf_probe_read_kernel_str(out, MAX_PATH, LD(bprm, filename));
		if (n > 0 && n <= MAX_PATH)
			section_end(s, SEC_FILENAME, n);
	}
	put_user_range(s, LD(mm, arg_start), LD(mm, arg_end), SEC_ARGV);
	if (with_env)
		put_user_range(s, LD(mm, env_start), LD(mm, env_end), SEC_ENV);
	fs = LD(task, fs);
	put_path(s, (u64)LD(fs, pwd.dentry), (u64)LD(fs, pwd.mnt), SEC_CWD);
	put_cgroups(s, task);
	record_submit(s);
	return 0;
}

TRACE("sched_process_exit") int sched_exit(u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct scratch *s = record_begin(CALL_EXIT, true);

	if (!s)
		return 0;
	fill_identity(s, task);
	head(s)->ret = LD(task, exit_code);
	record_submit(s);
	return 0;
}

TRACE("io_uring_submit_req") int uring_submit(u64 *ctx)
{
	return uring_submit_req(CAST(io_kiocb, ctx[0]));
}

TRACE("io_uring_complete") int uring_complete(u64 *ctx)
{
	struct io_kiocb *req = CAST(io_kiocb, ctx[1]);
	struct io_uring_cqe *cqe;

	if (!uring_cqe)
		return uring_completed(req, (s32)ctx[3]);
	cqe = CAST(io_uring_cqe, ctx[2]);
	return uring_completed(req, LD(cqe, res));
}

/*
 * Run once by the loader, never attached: it learns the number that the process
 * has in the host's pid namespace, which it cannot ask for from inside another.
 */
SEC("raw_tp/") int own_process(void *ctx)
{
	own_pid = bpf_get_current_pid_tgid() >> 32;
	return 0;
}

/* The helpers that read kernel memory are for programs that declare this licence. */
char _license[] SEC("license") = "GPL";
