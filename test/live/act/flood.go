//go:build linux

package main

import "syscall"

const floodThreads = 2

// flood opens and closes files as fast as it can, with two threads, until it is
// killed.
func flood([]string) error {
	for range floodThreads - 1 {
		go openAndClose()
	}
	openAndClose()
	return nil
}

func openAndClose() {
	for {
		if fd, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0); err == nil {
			_ = syscall.Close(fd)
		}
	}
}
