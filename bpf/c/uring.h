/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * io_uring: requests do what syscalls do, without one. What a request asks for is
 * noted when it is submitted, and becomes a record of the syscall's kind when it
 * is complete, because only then its result is known.
 */
#ifndef LANNER_URING_H
#define LANNER_URING_H

#include "calls.h"

#define URING_OPS 64
#define URING_PATH 512

enum {
	OP_SENDMSG = 9, OP_RECVMSG = 10, OP_ACCEPT = 13, OP_CONNECT = 16, OP_OPENAT = 18,
	OP_SEND = 26, OP_RECV = 27, OP_OPENAT2 = 28, OP_RENAMEAT = 35, OP_UNLINKAT = 36,
	OP_MKDIRAT = 37, OP_SYMLINKAT = 38, OP_LINKAT = 39, OP_SOCKET = 45, OP_BIND = 56, OP_LISTEN = 57,
};

/* The row that each operation counts as; NO_CALL: none. */
const volatile u16 uring_calls[URING_OPS];
/* The kernel hands over a cqe, not its members, at completion (6.13). */
const volatile u8 uring_cqe;

struct request {
	u64 task;
	u64 args[6];
	struct open_how how;
	u32 call;
	u32 addr_len;
	u8 addr[ADDR_MAX];
	u8 path[2][URING_PATH];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, struct request);
} requests SEC(".maps");

/* Requests are made here, for the stack is too small. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct request);
} request_room SEC(".maps");

static __always_inline void note_path(struct request *r, u32 i, struct filename *name)
{
	r->path[i][0] = 0;
	if (name)
		bpf_probe_read_kernel_str(r->path[i], URING_PATH, LD(name, name));
}

static __always_inline void note_open(struct request *r, u64 req)
{
	struct io_open *o = CAST(io_open, req);

	r->args[0] = (s64)LD(o, dfd);
	bpf_probe_read_kernel(&r->how, sizeof(r->how), ADDR(o, how));
	r->args[2] = r->how.flags;
	r->args[3] = r->how.mode;
	note_path(r, 0, LD(o, filename));
}

static __always_inline void note_two(struct request *r, s32 from, s32 to, struct filename *old, struct filename *new)
{
	r->args[0] = (s64)from;
	r->args[2] = (s64)to;
	note_path(r, 0, old);
	note_path(r, 1, new);
}

static __always_inline void note_addr(struct request *r, u64 addr, u32 len)
{
	if (len > ADDR_MAX)
		len = ADDR_MAX;
	barrier_var(len);
	if (len <= ADDR_MAX && !bpf_probe_read_user(r->addr, len, (void *)addr))
		r->addr_len = len;
}

static __noinline int note_names(struct request *r, u64 req, u32 op)
{
	struct io_unlink *unlink = CAST(io_unlink, req);
	struct io_rename *rename = CAST(io_rename, req);
	struct io_link *link = CAST(io_link, req);
	struct io_mkdir *mkdir = CAST(io_mkdir, req);

	switch (op) {
	case OP_OPENAT:
	case OP_OPENAT2:
		note_open(r, req);
		break;
	case OP_UNLINKAT:
		r->args[0] = (s64)LD_IF(unlink, dfd);
		r->args[2] = LD_IF(unlink, flags);
		note_path(r, 0, LD_IF(unlink, filename));
		break;
	case OP_RENAMEAT:
		note_two(r, LD_IF(rename, old_dfd), LD_IF(rename, new_dfd), LD_IF(rename, oldpath), LD_IF(rename, newpath));
		break;
	case OP_LINKAT:
		note_two(r, LD_IF(link, old_dfd), LD_IF(link, new_dfd), LD_IF(link, oldpath), LD_IF(link, newpath));
		r->args[4] = LD_IF(link, flags);
		break;
	case OP_SYMLINKAT:
		r->args[1] = (s64)LD_IF(link, new_dfd);
		note_path(r, 0, LD_IF(link, oldpath));
		note_path(r, 1, LD_IF(link, newpath));
		break;
	case OP_MKDIRAT:
		r->args[0] = (s64)LD_IF(mkdir, dfd);
		r->args[2] = LD_IF(mkdir, mode);
		note_path(r, 0, LD_IF(mkdir, filename));
		break;
	}
	return 0;
}

static __noinline int note_socket(struct request *r, u64 req, u32 op)
{
	struct io_connect *connect = CAST(io_connect, req);
	struct io_socket *socket = CAST(io_socket, req);
	struct io_listen *listen = CAST(io_listen, req);
	struct io_sr_msg *msg = CAST(io_sr_msg, req);

	switch (op) {
	case OP_CONNECT:
		note_addr(r, (u64)LD_IF(connect, addr), LD_IF(connect, addr_len));
		break;
	case OP_SOCKET:
		r->args[0] = LD_IF(socket, domain);
		r->args[1] = LD_IF(socket, type);
		r->args[2] = LD_IF(socket, protocol);
		break;
	case OP_LISTEN:
		r->args[1] = LD_IF(listen, backlog);
		break;
	case OP_SEND:
	case OP_RECV:
		r->args[2] = LD_IF(msg, len);
		break;
	}
	return 0;
}

static __always_inline u64 request_task(struct io_kiocb *req)
{
	struct io_kiocb___old *old = (void *)req;
	struct io_uring_task *tctx;

	if (!field_exists(req, tctx))
		return (u64)LD(old, task);
	tctx = LD(req, tctx);
	return (u64)LD(tctx, task);
}

static __always_inline int uring_submit_req(struct io_kiocb *req)
{
	u64 op = LD(req, opcode), call, key = (u64)req;
	struct request *r;
	u32 zero = 0;

	if (op >= URING_OPS)
		return 0;
	call = uring_calls[op];
	if (call >= CALL_LIMIT || !(wanted_calls[call / 64] & 1ULL << call % 64))
		return 0;
	r = bpf_map_lookup_elem(&request_room, &zero);
	if (!r)
		return 0;
	__builtin_memset(r->args, 0, sizeof(r->args));
	r->call = call;
	r->addr_len = 0;
	r->path[0][0] = r->path[1][0] = 0;
	r->task = request_task(req);
	r->args[0] = LD_IF(req, cqe.fd);
	note_names(r, key, op);
	note_socket(r, key, op);
	bpf_map_update_elem(&requests, &key, r, BPF_ANY);
	return 0;
}

static __always_inline void put_kernel_text(struct scratch *s, u64 section, u8 *text)
{
	u8 *out = section_begin(s);
	long n;

	if (!out || !text[0])
		return;
	n = bpf_probe_read_kernel_str(out, URING_PATH, text);
	if (n > 0 && n <= URING_PATH)
		section_end(s, section, n);
}

static __always_inline void put_kernel_bytes(struct scratch *s, u64 section, void *from, u64 len)
{
	u8 *out = section_begin(s);

	if (!out || len == 0)
		return;
	barrier_var(len);
	if (len > ADDR_MAX)
		return;
	bpf_probe_read_kernel(out, len, from);
	section_end(s, section, len);
}

/* The texts of a request, as the row's fetches name them, and the directories of relative ones. */
static __noinline int put_request_texts(struct scratch *s, struct request *r, u64 call)
{
	struct task_struct *t = CAST(task_struct, r->task);

	if (call >= CALL_LIMIT)
		return 0;
	for (u64 i = 0; i < 2; i++) {
		u64 kind = rows[call].fetch[i].kind, aux = rows[call].fetch[i].aux;

		if (kind != FETCH_PATH && kind != FETCH_TEXT)
			break;
		put_kernel_text(s, SEC_FETCH0 + i, r->path[i]);
		if (kind == FETCH_PATH && r->path[i][0] != '/' && needs_base(s, OBJECT_NONE))
			put_base(s, t, (s32)arg(s, aux), SEC_BASE0 + i);
	}
	if (rows[call].fetch[1].kind == FETCH_BLOB)
		put_kernel_bytes(s, SEC_FETCH0 + 1, &r->how, sizeof(r->how));
	put_kernel_bytes(s, SEC_ADDR, r->addr, r->addr_len);
	return 0;
}

static __noinline int uring_completed(struct io_kiocb *req, s64 ret)
{
	u64 key = (u64)req, call;
	struct task_struct *t;
	struct request *r;
	struct scratch *s;

	r = bpf_map_lookup_elem(&requests, &key);
	if (!r)
		return 0;
	call = r->call;
	t = CAST(task_struct, r->task);
	s = NULL;
	if (call < CALL_LIMIT && r->task && LD(t, tgid) != own_pid)
		s = record_begin(call, false);
	if (s) {
		fill_identity(s, t);
		head(s)->ret = ret;
		head(s)->flags |= REC_IO_URING;
		__builtin_memcpy(head(s)->args, r->args, sizeof(r->args));
		put_request_texts(s, r, call);
		if (rows[call].object == OBJECT_ARG)
			put_object(s, (u64)LD(req, file));
		else
			put_call_object(s, t, call);
		record_submit(s);
	}
	bpf_map_delete_elem(&requests, &key);
	return 0;
}

#endif
