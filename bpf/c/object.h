/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The object behind a descriptor: a file with its path, or a socket with its ends. */
#ifndef LANNER_OBJECT_H
#define LANNER_OBJECT_H

#include "path.h"
#include "sock.h"

#define OVERLAYFS_MAGIC 0x794c7630
#define SOCKFS_MAGIC 0x534f434b

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFDIR 0040000
#define S_IFIFO 0010000

/* An overlay inode that has no dentry in the upper layer is the image's own file. */
static __always_inline u8 overlay_layer(struct inode *inode)
{
	struct super_block *sb = LD(inode, i_sb);
	u64 upper = 0;

	if (LD(sb, s_magic) != OVERLAYFS_MAGIC)
		return 0;
	/* struct ovl_inode, which a module may own, has the upper dentry right behind its vfs_inode */
	bpf_probe_read_kernel(&upper, sizeof(upper), (u8 *)inode + type_size(struct inode));
	return upper ? LAYER_UPPER : LAYER_LOWER;
}

/* A memfd's dentry is named by the kernel and hangs nowhere. */
static __always_inline bool is_memfd(struct file *file)
{
	struct dentry *d = LD(file, f_path.dentry);
	u64 name = 0;

	if ((u64)LD(d, d_parent) != (u64)d)
		return false;
	bpf_probe_read_kernel(&name, 6, LD(d, d_name.name));
	return name == 0x3a64666d656dULL; /* "memfd:" */
}

static __always_inline u64 file_of_fd(struct task_struct *t, u32 fd)
{
	struct files_struct *files = LD(t, files);
	struct fdtable *fdt = LD(files, fdt);
	struct file **slots = LD(fdt, fd);
	u64 file = 0;

	if (fd >= LD(fdt, max_fds))
		return 0;
	bpf_probe_read_kernel(&file, sizeof(file), slots + fd);
	return file;
}

static __always_inline u32 object_of_mode(u32 mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return OBJECT_IS_DIR;
	case S_IFIFO:
		return OBJECT_IS_FIFO;
	}
	return OBJECT_IS_FILE;
}

static __always_inline void put_file_facts(struct scratch *s, struct file *file, struct inode *inode)
{
	struct super_block *sb = LD(inode, i_sb);
	struct lanner_file *f = (void *)section_begin(s);

	if (!f)
		return;
	f->ino = LD(inode, i_ino);
	f->dev = LD(sb, s_dev);
	f->magic = LD(sb, s_magic);
	f->flags = LD(file, f_flags);
	f->mode = LD(inode, i_mode);
	f->layer = overlay_layer(inode);
	f->f_mode = LD(file, f_mode) & 3;
	s->facts.object = object_of_mode(f->mode);
	section_end(s, SEC_FILE, sizeof(*f));
}

/* The name of a file that hangs in no tree, as /proc/PID/fd shows it: "/memfd:x (deleted)". */
static __always_inline void put_loose_name(struct scratch *s, struct dentry *d)
{
	u8 *out = section_begin(s);
	long n;

	if (!out)
		return;
	out[0] = '/';
	n = bpf_probe_read_kernel_str(out + 1, NAME_MAX + 1, LD(d, d_name.name));
	if (n <= 0 || n > NAME_MAX + 1)
		return;
	__builtin_memcpy(out + n, deleted_mark, sizeof(deleted_mark));
	section_end(s, SEC_PATH, n + sizeof(deleted_mark));
}

static __noinline int put_object(struct scratch *s, u64 addr)
{
	struct file *file = CAST(file, addr);
	struct super_block *sb;
	struct vfsmount *mnt;
	struct inode *inode;
	struct dentry *d;

	if (!addr)
		return 0;
	inode = LD(file, f_inode);
	put_file_facts(s, file, inode);
	if ((LD(inode, i_mode) & S_IFMT) == S_IFSOCK) {
		sb = LD(inode, i_sb);
		if (LD(sb, s_magic) == SOCKFS_MAGIC)
			return put_sock(s, (u64)LD(file, private_data), LD(inode, i_ino));
	}
	d = LD(file, f_path.dentry);
	mnt = LD(file, f_path.mnt);
	if ((u64)LD(d, d_parent) == (u64)d && (u64)LD(mnt, mnt_root) != (u64)d)
		put_loose_name(s, d);
	else
		put_path(s, (u64)d, (u64)mnt, SEC_PATH);
	return 0;
}

#endif
