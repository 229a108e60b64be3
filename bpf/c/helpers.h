/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* BPF helper functions by number (uapi/linux/bpf.h) and the macros around CO-RE. */
#ifndef LANNER_HELPERS_H
#define LANNER_HELPERS_H

#include "kernel.h"

#define SEC(name) __attribute__((section(name), used))
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
/* Keeps clang from proving, and dropping, a bound that the verifier needs to see. */
#define barrier_var(var) asm volatile("" : "+r"(var))

enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_LPM_TRIE = 11,
	BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_ANY = 0, BPF_F_NO_PREALLOC = 1 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
enum { BPF_RB_AVAIL_DATA = 0 };

static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*bpf_map_update_elem)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static u32 (*bpf_get_smp_processor_id)(void) = (void *)8;
static u64 (*bpf_get_current_pid_tgid)(void) = (void *)14;
static long (*bpf_get_current_comm)(void *buf, u32 size) = (void *)16;
static u64 (*bpf_get_current_task)(void) = (void *)35;
static long (*bpf_probe_read_user)(void *dst, u32 size, const void *src) = (void *)112;
static long (*bpf_probe_read_kernel)(void *dst, u32 size, const void *src) = (void *)113;
static long (*bpf_probe_read_user_str)(void *dst, u32 size, const void *src) = (void *)114;
static long (*bpf_probe_read_kernel_str)(void *dst, u32 size, const void *src) = (void *)115;
static u64 (*bpf_ktime_get_boot_ns)(void) = (void *)125;
static long (*bpf_ringbuf_output)(void *ring, void *data, u64 size, u64 flags) = (void *)130;
static u64 (*bpf_ringbuf_query)(void *ring, u64 what) = (void *)134;
static struct task_struct *(*bpf_get_current_task_btf)(void) = (void *)158;
static long (*bpf_task_pt_regs)(struct task_struct *task) = (void *)175;
static long (*bpf_loop)(u32 n, void *fn, void *ctx, u64 flags) = (void *)181;

enum { CORE_FIELD_EXISTS = 2, CORE_TYPE_EXISTS = 0, CORE_TYPE_SIZE = 1, CORE_ENUM_EXISTS = 0, CORE_ENUM_VALUE = 1 };
#define field_exists(p, f) __builtin_preserve_field_info((p)->f, CORE_FIELD_EXISTS)
#define type_size(t) __builtin_preserve_type_info(*(t *)0, CORE_TYPE_SIZE)
#define enum_exists(t, v) __builtin_preserve_enum_value(*(t *)v, CORE_ENUM_EXISTS)
#define enum_value(t, v) __builtin_preserve_enum_value(*(t *)v, CORE_ENUM_VALUE)

/*
 * LD(p, f) loads p->f from kernel memory; a bad pointer yields 0.
 * CAST(T, p) makes any address a struct T * that LD accepts.
 *
 * The objects are built three times. Where the kernel knows bpf_rdonly_cast (6.2),
 * LD is a plain load that the JIT guards: 1 ns. On older kernels it is a call
 * of bpf_probe_read_kernel: 5 to 10 ns, everywhere from 5.8.
 * Before 5.17 there is no bpf_loop either: LANNER_EARLY walks paths in a loop
 * that the verifier unrolls, and so less far.
 */
#ifdef LANNER_PROBE
#define LD(p, f) ({ \
	typeof((p)->f) __v = {0}; \
	bpf_probe_read_kernel(&__v, sizeof(__v), __builtin_preserve_access_index(&(p)->f)); \
	__v; })
#define CAST(T, p) ((struct T *)(p))
#define CURRENT() ((struct task_struct *)bpf_get_current_task())
#else
extern void *bpf_rdonly_cast(const void *obj, u32 btf_id) __attribute__((section(".ksyms")));
#define LD(p, f) ((p)->f)
#define CAST(T, p) ((struct T *)bpf_rdonly_cast((const void *)(p), __builtin_btf_type_id(*(struct T *)0, 1)))
#define CURRENT() bpf_get_current_task_btf()
#endif

/* LD of a member that not every kernel has; 0 without it. */
#define LD_IF(p, f) (field_exists(p, f) ? LD(p, f) : 0)

/* Address of p->f, for arrays and structs that are read as a block. */
#define ADDR(p, f) ((void *)__builtin_preserve_access_index(&(p)->f))

#endif
