/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Capability sets. */
#ifndef LANNER_CAPS_H
#define LANNER_CAPS_H

#include "record.h"

static __always_inline u64 capabilities(void *set)
{
	u64 bits = 0;

	bpf_probe_read_kernel(&bits, sizeof(bits), set);
	return bits;
}

static __always_inline void put_caps(struct scratch *s, struct task_struct *t)
{
	struct cred *cred = LD(t, cred);
	struct lanner_caps *c = (void *)section_begin(s);

	if (!c)
		return;
	c->inheritable = capabilities(ADDR(cred, cap_inheritable));
	c->permitted = capabilities(ADDR(cred, cap_permitted));
	c->effective = capabilities(ADDR(cred, cap_effective));
	section_end(s, SEC_CAPS, sizeof(*c));
}

#endif
