package bpf

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ring reads a BPF ring buffer in place. The kernel's layout is a page with the
// consumer's position, a page with the producer's, and the data, which is mapped
// twice in a row so that no record is cut (kernel/bpf/ringbuf.c).
//
// The library's reader copies every record and cannot tell the programs that it
// is about to sleep; this one does neither. It belongs to one goroutine, except
// for stop and waiting.
type ring struct {
	fd       int
	mem      *ringMemory
	consumer *uint64
	producer *uint64
	data     []byte // both mappings
	mask     uint64
	pos      uint64 // of the next record
	sleeping func(bool) error
	wake     int // eventfd that ends a sleep
	stopped  atomic.Bool
}

// ringMemory are the mappings; they go when nobody can reach them any more, or
// when the reader is done.
type ringMemory struct {
	mu                 sync.Mutex // held to unmap, and by who is not the reader
	consumer, producer []byte
}

func (m *ringMemory) unmap() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.consumer != nil {
		_ = unix.Munmap(m.consumer)
		_ = unix.Munmap(m.producer)
		m.consumer, m.producer = nil, nil
	}
}

const (
	recordHeader = 8
	busyBit      = 1 << 31
	discardBit   = 1 << 30
)

// openRing maps the ring buffer map fd of size bytes. sleeping is told before
// and after the reader sleeps.
func openRing(fd, size int, sleeping func(bool) error) (*ring, error) {
	page := os.Getpagesize()
	consumer, err := unix.Mmap(fd, 0, page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map consumer page: %w", err)
	}
	producer, err := unix.Mmap(fd, int64(page), page+2*size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		_ = unix.Munmap(consumer)
		return nil, fmt.Errorf("map ring: %w", err)
	}
	mem := &ringMemory{consumer: consumer, producer: producer}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		mem.unmap()
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	r := &ring{
		fd: fd, mem: mem, wake: wake, sleeping: sleeping, mask: uint64(size - 1),
		consumer: (*uint64)(unsafe.Pointer(&consumer[0])),
		producer: (*uint64)(unsafe.Pointer(&producer[0])),
		data:     producer[page:],
	}
	r.pos = atomic.LoadUint64(r.consumer)
	runtime.AddCleanup(r, func(m *ringMemory) { m.unmap() }, mem)
	return r, nil
}

// read returns the next record, which stays valid until the next read. It waits
// up to a time for one, then says ErrIdle.
func (r *ring) read(wait time.Duration) ([]byte, error) {
	if r.stopped.Load() {
		r.mem.unmap()
		return nil, os.ErrClosed
	}
	// what the last read handed out is free now
	atomic.StoreUint64(r.consumer, r.pos)
	if sample := r.next(); sample != nil {
		return sample, nil
	}
	if err := r.sleep(wait); err != nil {
		return nil, err
	}
	if sample := r.next(); sample != nil {
		return sample, nil
	}
	return nil, ErrIdle
}

// next is the record at the reader's position; nil if there is none yet.
func (r *ring) next() []byte {
	for r.pos < atomic.LoadUint64(r.producer) {
		at := r.pos & r.mask
		header := atomic.LoadUint32((*uint32)(unsafe.Pointer(&r.data[at])))
		if header&busyBit != 0 {
			return nil // a program is still writing it
		}
		size := uint64(header &^ (busyBit | discardBit))
		r.pos += (size + recordHeader + 7) &^ 7
		if header&discardBit == 0 {
			from := at + recordHeader
			return r.data[from : from+size : from+size]
		}
		atomic.StoreUint64(r.consumer, r.pos)
	}
	return nil
}

// sleep waits until a program or stop wakes the reader, or for a time.
func (r *ring) sleep(wait time.Duration) error {
	if err := r.sleeping(true); err != nil {
		return err
	}
	fds := [...]unix.PollFd{{Fd: int32(r.fd), Events: unix.POLLIN}, {Fd: int32(r.wake), Events: unix.POLLIN}}
	_, err := unix.Poll(fds[:], int(wait.Milliseconds()))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("wait for events: %w", err)
	}
	return r.sleeping(false)
}

// stop ends a read that waits, and all later ones. It may be called from any
// goroutine.
func (r *ring) stop() {
	r.stopped.Store(true)
	one := [8]byte{1}
	_, _ = unix.Write(r.wake, one[:])
}

// waiting is how many bytes wait to be read. It may be called from any goroutine.
func (r *ring) waiting() int {
	r.mem.mu.Lock()
	defer r.mem.mu.Unlock()
	if r.mem.consumer == nil {
		return 0
	}
	return int(atomic.LoadUint64(r.producer) - atomic.LoadUint64(r.consumer))
}

func (r *ring) size() int { return int(r.mask + 1) }
