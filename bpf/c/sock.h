/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Sockets: both ends from the kernel's own socket, and which end the thread holds. */
#ifndef LANNER_SOCK_H
#define LANNER_SOCK_H

#include "record.h"

enum { FAMILY_UNIX = 1, FAMILY_INET = 2, FAMILY_INET6 = 10 };
enum { PROTO_TCP = 6, STATE_LISTEN = 10 };

#define BOUND_BY_PROGRAM 8 /* SOCK_BINDPORT_LOCK: bind named a port */
#define UNIX_PATH_MAX 108

/*
 * A port that connect picked is marked in its bind bucket (fastreuse is -1), and
 * a socket that accept made shares the bucket of its listener, but not the mark
 * that bind left there.
 */
static __always_inline u8 tcp_role(struct sock *sk)
{
	struct inet_connection_sock *conn = CAST(inet_connection_sock, sk);
	struct inet_bind_bucket *bucket;

	if (LD(sk, __sk_common.skc_state) == STATE_LISTEN)
		return ROLE_SERVER;
	if (LD(sk, sk_userlocks) & BOUND_BY_PROGRAM)
		return LD(sk, __sk_common.skc_dport) ? ROLE_CLIENT : ROLE_SERVER;
	bucket = LD(conn, icsk_bind_hash);
	if (!bucket)
		return 0;
	return LD(bucket, fastreuse) < 0 ? ROLE_CLIENT : ROLE_SERVER;
}

static __always_inline void inet_ends(struct lanner_sock *f, struct sock *sk)
{
	if (f->family == FAMILY_INET) {
		*(u32 *)f->local = LD(sk, __sk_common.skc_rcv_saddr);
		*(u32 *)f->remote = LD(sk, __sk_common.skc_daddr);
	} else {
		bpf_probe_read_kernel(f->local, 16, ADDR(sk, __sk_common.skc_v6_rcv_saddr));
		bpf_probe_read_kernel(f->remote, 16, ADDR(sk, __sk_common.skc_v6_daddr));
	}
	f->local_port = LD(sk, __sk_common.skc_num);
	f->remote_port = __builtin_bswap16(LD(sk, __sk_common.skc_dport));
	if (f->proto == PROTO_TCP)
		f->role = tcp_role(sk);
	else if (f->local_port)
		f->role = LD(sk, sk_userlocks) & BOUND_BY_PROGRAM ? ROLE_SERVER : ROLE_CLIENT;
}

/* The name that a unix socket is bound to: sun_path without the family. */
static __always_inline void put_unix_path(struct scratch *s, struct unix_address *name)
{
	u64 len = LD(name, len) - 2;
	u8 *out = section_begin(s);

	if (!out || !name || len == 0)
		return;
	barrier_var(len);
	if (len > UNIX_PATH_MAX)
		return;
	bpf_probe_read_kernel(out, len, (u8 *)ADDR(name, name) + 2);
	section_end(s, SEC_UNIX, len);
}

static __always_inline u32 object_of_family(u32 family)
{
	switch (family) {
	case FAMILY_INET:
		return OBJECT_IS_IPV4;
	case FAMILY_INET6:
		return OBJECT_IS_IPV6;
	case FAMILY_UNIX:
		return OBJECT_IS_UNIX;
	}
	return OBJECT_IS_OTHER;
}

static __noinline int put_sock(struct scratch *s, u64 addr, u64 ino)
{
	struct socket *socket = CAST(socket, addr);
	struct lanner_sock *f = (void *)section_begin(s);
	struct unix_address *name = NULL;
	struct sock *sk, *peer;

	if (!f || !addr)
		return 0;
	sk = LD(socket, sk);
	if (!sk)
		return 0;
	__builtin_memset(f, 0, sizeof(*f));
	f->ino = ino;
	f->family = LD(sk, __sk_common.skc_family);
	s->facts.object = object_of_family(f->family);
	f->type = LD(socket, type);
	f->proto = LD(sk, sk_protocol);
	f->state = LD(sk, __sk_common.skc_state);
	f->backlog = LD(sk, sk_ack_backlog);
	f->max_backlog = LD(sk, sk_max_ack_backlog);
	if (f->family == FAMILY_INET || f->family == FAMILY_INET6)
		inet_ends(f, sk);
	if (f->family == FAMILY_UNIX) {
		struct unix_sock *u = CAST(unix_sock, sk);

		name = LD(u, addr);
		peer = LD(u, peer);
		f->role = f->state == STATE_LISTEN || name ? ROLE_SERVER : ROLE_CLIENT;
		f->local_key = (u64)sk;
		f->remote_key = (u64)peer;
		if (!name && peer) {
			struct unix_sock *p = CAST(unix_sock, peer);

			name = LD(p, addr);
		}
	}
	section_end(s, SEC_SOCK, sizeof(*f));
	if (name)
		put_unix_path(s, name);
	return 0;
}

#endif
