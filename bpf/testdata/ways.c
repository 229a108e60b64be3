// Opens a file in one of many ways: ways WAY FILE DIR. DIR is empty and writable.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *file, *dir;

static int at(int fd, const char *path) { return syscall(SYS_openat, fd, path, O_RDONLY, 0); }

static int direct(void) { return at(AT_FDCWD, file); }

#ifdef SYS_open
static int old_open(void) { return syscall(SYS_open, file, O_RDONLY, 0); }
#endif

static int by_symlink(void)
{
	char link[512];

	snprintf(link, sizeof(link), "%s/link", dir);
	if (symlink(file, link))
		return -1;
	return at(AT_FDCWD, link);
}

static int by_procroot(void)
{
	char path[512];

	snprintf(path, sizeof(path), "/proc/self/root%s", file);
	return at(AT_FDCWD, path);
}

static int parent(void)
{
	char path[512];

	snprintf(path, sizeof(path), "%s", file);
	*strrchr(path, '/') = 0;
	return at(AT_FDCWD, path);
}

static const char *base(void) { return strrchr(file, '/') + 1; }

static int by_dirfd(void) { return at(parent(), base()); }

static int by_fchdir(void)
{
	if (fchdir(parent()))
		return -1;
	return at(AT_FDCWD, base());
}

static int by_chdir(void)
{
	char path[512];

	snprintf(path, sizeof(path), "%s", file);
	*strrchr(path, '/') = 0;
	if (chdir(path))
		return -1;
	return at(AT_FDCWD, base());
}

static int by_dots(void)
{
	char path[512];

	snprintf(path, sizeof(path), "/usr/../usr/./bin/../..%s", file);
	return at(AT_FDCWD, path);
}

static int by_opath(void)
{
	char path[64];
	int fd = open(file, O_PATH);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return at(AT_FDCWD, path);
}

static int by_openat2(void)
{
	struct open_how how = { .flags = O_RDONLY };

	return syscall(SYS_openat2, AT_FDCWD, file, &how, sizeof(how));
}

static int by_handle(void)
{
	struct { struct file_handle h; char room[128]; } h = { .h.handle_bytes = 128 };
	int mount, root;

	if (name_to_handle_at(AT_FDCWD, file, &h.h, &mount, 0)) {
		printf("unsupported: name_to_handle_at: %s\n", strerror(errno));
		exit(1);
	}
	root = open("/", O_RDONLY | O_DIRECTORY);
	return open_by_handle_at(root, &h.h, O_RDONLY);
}

// One request through a ring, without a library.
static int by_uring(int opcode)
{
	struct io_uring_params p = {};
	struct open_how how = { .flags = O_RDONLY };
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	char *sq, *cq;
	unsigned *tail;
	int ring = syscall(SYS_io_uring_setup, 4, &p);

	if (ring < 0) {
		printf("unsupported: io_uring: %s\n", strerror(errno));
		exit(1);
	}
	sq = mmap(0, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	cq = mmap(0, p.cq_off.cqes + p.cq_entries * sizeof(*cqe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_CQ_RING);
	sqe = mmap(0, p.sq_entries * sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = opcode;
	sqe->fd = AT_FDCWD;
	sqe->addr = (uintptr_t)file;
	if (opcode == IORING_OP_OPENAT2) {
		sqe->len = sizeof(how);
		sqe->off = (uintptr_t)&how;
	}
	*(unsigned *)(sq + p.sq_off.array) = 0;
	tail = (unsigned *)(sq + p.sq_off.tail);
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0) < 0)
		return -1;
	cqe = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	errno = -cqe->res;
	return cqe->res;
}

#ifdef __x86_64__
// The 32-bit entry takes 32-bit addresses.
static int by_int80(int nr, int b, int c, int d)
{
	int ret;

	asm volatile("int $0x80" : "=a"(ret) : "a"(nr), "b"(b), "c"(c), "d"(d) : "memory", "r8", "r9", "r10", "r11");
	if (ret == -ENOSYS) {
		printf("unsupported: 32-bit calls\n");
		exit(1);
	}
	errno = -ret;
	return ret;
}

static char *low(void)
{
	char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	return strcpy(p, file);
}
#endif

static int renamed(void)
{
	prctl(PR_SET_NAME, "systemd");
	return direct();
}

static char flipping[512];
static volatile int stop;

static void *flip(void *arg)
{
	char other[512];

	snprintf(other, sizeof(other), "%s", flipping);
	memcpy(strrchr(other, '/') + 1, "passwd", 7);
	while (!stop) {
		memcpy(flipping, other, sizeof(other));
		sched_yield();
		memcpy(flipping, file, strlen(file) + 1);
		sched_yield();
	}
	return 0;
}

// Opens while another thread changes the path, until the wanted file was the one.
static int flipped(void)
{
	pthread_t thread;
	char real[512], self[64];
	int fd = -1;

	strcpy(flipping, file);
	pthread_create(&thread, 0, flip, 0);
	for (int i = 0; i < 100000; i++) {
		ssize_t n;

		fd = at(AT_FDCWD, flipping);
		if (fd < 0)
			continue;
		snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
		n = readlink(self, real, sizeof(real) - 1);
		real[n > 0 ? n : 0] = 0;
		if (!strcmp(real, file))
			break;
		close(fd);
		fd = -1;
		sched_yield();
	}
	stop = 1;
	pthread_join(thread, 0);
	return fd;
}

int main(int argc, char **argv)
{
	const char *way = argv[1];
	int fd;

	file = argv[2];
	dir = argv[3];
#define WAY(name, call) else if (!strcmp(way, name)) fd = call
	if (!strcmp(way, "direct"))
		fd = direct();
	WAY("symlink", by_symlink());
	WAY("procroot", by_procroot());
	WAY("dirfd", by_dirfd());
	WAY("chdir", by_chdir());
	WAY("fchdir", by_fchdir());
	WAY("dots", by_dots());
	WAY("opath", by_opath());
	WAY("openat2", by_openat2());
	WAY("handle", by_handle());
	WAY("uring", by_uring(IORING_OP_OPENAT));
	WAY("uring-openat2", by_uring(IORING_OP_OPENAT2));
	WAY("rename", renamed());
	WAY("flip", flipped());
#ifdef SYS_open
	WAY("open", old_open());
#endif
#ifdef __x86_64__
	WAY("int80", by_int80(5, (long)low(), O_RDONLY, 0));
	WAY("int80-openat", by_int80(295, AT_FDCWD, (long)low(), O_RDONLY));
#endif
	else {
		printf("unsupported: %s\n", way);
		return 1;
	}
	if (fd < 0) {
		perror(way);
		return 1;
	}
	return 0;
}
