/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The kernel types that the programs read, cut down to the members in use.
 * Offsets here mean nothing: CO-RE relocates every access by member name
 * against the running kernel, so a member must be spelt as the kernel spells it.
 */
#ifndef LANNER_KERNEL_H
#define LANNER_KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef int s32;
typedef long long s64;
typedef _Bool bool;
#define true 1
#define false 0

#define NULL ((void *)0)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long bp, bx, r10, r9, r8, cx, dx, si, di, orig_ax;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	u64 regs[31];
	u64 orig_x0;
	s32 syscallno;
};
#endif

struct thread_info {
	unsigned long flags;
#if defined(__TARGET_ARCH_x86)
	u32 status;
#endif
};

typedef struct { u32 val; } kuid_t;
typedef struct { u32 val; } kgid_t;
typedef struct { u64 val; } kernel_cap_t; /* two words of 32 bits before 6.3: the same bytes */

struct user_namespace { int level; };

struct cred {
	kuid_t uid, euid, fsuid;
	kgid_t gid, egid, fsgid;
	kernel_cap_t cap_inheritable, cap_permitted, cap_effective;
	struct user_namespace *user_ns;
};

struct pid_namespace {
	struct task_struct *child_reaper;
	unsigned int level;
};
struct upid { int nr; struct pid_namespace *ns; };
struct pid { unsigned int level; struct upid numbers[1]; };

struct tty_driver { int major, minor_start; };
struct tty_struct { int index; struct tty_driver *driver; };
struct rlimit { unsigned long rlim_cur, rlim_max; };
struct signal_struct {
	struct pid *pids[4];
	struct tty_struct *tty;
	struct rlimit rlim[16];
};

struct super_block {
	u32 s_dev;
	unsigned long s_flags, s_magic;
};
struct timespec64 { s64 tv_sec; long tv_nsec; };
struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned int i_flags;
	struct super_block *i_sb;
	unsigned long i_ino;
	s64 i_mtime_sec, i_ctime_sec;
	u32 i_mtime_nsec, i_ctime_nsec;
};
/* Inode times before 6.11 (i_mtime before 6.7). */
struct inode___mid { struct timespec64 __i_ctime, __i_mtime; };
struct inode___old { struct timespec64 i_ctime, i_mtime; };

struct qstr { u32 len; const unsigned char *name; };
struct hlist_bl_node { struct hlist_bl_node **pprev; };
struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};
struct vfsmount { struct dentry *mnt_root; };
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};
struct path { struct vfsmount *mnt; struct dentry *dentry; };
struct file {
	struct inode *f_inode;
	struct path f_path;
	unsigned int f_flags;
	unsigned int f_mode;
	void *private_data;
};
struct fdtable { unsigned int max_fds; struct file **fd; };
struct files_struct { struct fdtable *fdt; };
struct fs_struct { struct path root, pwd; };

struct mm_struct {
	unsigned long total_vm;
	unsigned long arg_start, arg_end, env_start, env_end;
	struct file *exe_file;
};

struct kernfs_node {
	struct kernfs_node *__parent;
	const char *name;
	u64 id;
};
struct kernfs_node___old { struct kernfs_node *parent; }; /* before 6.15 */
struct cgroup { struct kernfs_node *kn; };
struct cgroup_subsys_state { struct cgroup *cgroup; };
enum cgroup_subsys_id { memory_cgrp_id = 4 };
struct css_set {
	struct cgroup_subsys_state *subsys[12];
	struct cgroup *dfl_cgrp;
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	struct mm_struct *mm;
	int exit_code;
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	u64 start_boottime;
	unsigned long min_flt, maj_flt;
	struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct signal_struct *signal;
	kuid_t loginuid;
	struct css_set *cgroups;
};

struct linux_binprm {
	struct file *file;
	const char *filename, *interp;
};

struct in6_addr { union { u8 u6_addr8[16]; } in6_u; };
struct sock_common {
	u32 skc_daddr, skc_rcv_saddr;
	u16 skc_dport, skc_num, skc_family;
	u8 skc_state;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};
struct sock {
	struct sock_common __sk_common;
	u8 sk_userlocks;
	u16 sk_protocol, sk_type;
	u32 sk_ack_backlog, sk_max_ack_backlog;
};
struct socket { short type; struct sock *sk; };
struct inet_bind_bucket { s8 fastreuse; };
struct inet_connection_sock { struct inet_bind_bucket *icsk_bind_hash; };
struct sockaddr_un { u16 sun_family; };
struct unix_address { int len; struct sockaddr_un name[1]; };
struct unix_sock { struct unix_address *addr; struct sock *peer; };

struct filename { const char *name; };
struct open_how { u64 flags, mode, resolve; };
struct io_uring_task { struct task_struct *task; };
struct io_cqe { int fd; };
struct io_kiocb {
	struct file *file;
	u8 opcode;
	struct io_cqe cqe;
	struct io_uring_task *tctx;
};
struct io_kiocb___old { struct task_struct *task; }; /* before 6.13 */
struct io_uring_cqe { s32 res; };
struct io_open { int dfd; struct filename *filename; struct open_how how; };
struct io_unlink { int dfd, flags; struct filename *filename; };
struct io_rename { int old_dfd, new_dfd, flags; struct filename *oldpath, *newpath; };
struct io_link { int old_dfd, new_dfd, flags; struct filename *oldpath, *newpath; };
struct io_mkdir { int dfd; u16 mode; struct filename *filename; };
struct io_connect { struct file *file; void *addr; int addr_len; };
struct io_accept { struct file *file; int flags; };
struct io_socket { int domain, type, protocol; };
struct io_listen { struct file *file; int backlog; };
struct io_sr_msg { struct file *file; void *buf; int len; };

#pragma clang attribute pop

#endif
