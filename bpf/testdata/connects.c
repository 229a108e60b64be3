// Connects to a TCP port of 127.0.0.1 in one of several ways: connects WAY PORT.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct sockaddr_in *addr; // below 4 GiB, for 32-bit calls

static int plain(int fd) { return connect(fd, (void *)addr, sizeof(*addr)); }

#ifdef __x86_64__
static int int80(int nr, long b, long c, long d)
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

static int by_socketcall(int fd)
{
	uint32_t *args = (uint32_t *)(addr + 1);

	args[0] = fd;
	args[1] = (uintptr_t)addr;
	args[2] = sizeof(*addr);
	return int80(102, 3, (uintptr_t)args, 0);
}
#endif

static int by_uring(int fd)
{
	struct io_uring_params p = {};
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
	sqe->opcode = IORING_OP_CONNECT;
	sqe->fd = fd;
	sqe->addr = (uintptr_t)addr;
	sqe->off = sizeof(*addr);
	*(unsigned *)(sq + p.sq_off.array) = 0;
	tail = (unsigned *)(sq + p.sq_off.tail);
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0) < 0)
		return -1;
	cqe = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	errno = -cqe->res;
	return cqe->res;
}

int main(int argc, char **argv)
{
	const char *way = argv[1];
	int fd = socket(AF_INET, SOCK_STREAM, 0), ret;

#ifndef MAP_32BIT
#define MAP_32BIT 0
#endif
	addr = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	addr->sin_family = AF_INET;
	addr->sin_port = htons(atoi(argv[2]));
	addr->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!strcmp(way, "plain"))
		ret = plain(fd);
	else if (!strcmp(way, "uring"))
		ret = by_uring(fd);
#ifdef __x86_64__
	else if (!strcmp(way, "int80"))
		ret = int80(362, fd, (uintptr_t)addr, sizeof(*addr));
	else if (!strcmp(way, "socketcall"))
		ret = by_socketcall(fd);
#endif
	else {
		printf("unsupported: %s\n", way);
		return 1;
	}
	if (ret < 0)
		perror(way);
	return ret < 0;
}
