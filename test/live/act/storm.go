//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// untilStdinEnds calls do again and again, and returns how often.
func untilStdinEnds(do func(n int) error) (int, error) {
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // the end is all that matters
		close(ended)
	}()
	for n := 0; ; n++ {
		select {
		case <-ended:
			return n, nil
		default:
		}
		if err := do(n); err != nil {
			return n, err
		}
	}
}

// mark opens files that are not there, named by a prefix and a number that
// counts up, one every millisecond, fewer where it does not get the CPU for
// that. It prints how many.
func mark(args []string) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	n, err := untilStdinEnds(func(n int) error {
		_, err := unix.Open(fmt.Sprint(args[0], n), unix.O_RDONLY, 0)
		if !errors.Is(err, syscall.ENOENT) {
			return fmt.Errorf("mark %d: %w", n, err)
		}
		<-tick.C
		return nil
	})
	fmt.Println(n)
	return err
}

// parent is run with its own input and output.
func parent(args []string) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}

// storm opens files and starts programs.
func storm([]string) error {
	_, err := untilStdinEnds(func(int) error {
		for range 500 {
			if fd, err := unix.Open("/dev/null", unix.O_RDONLY, 0); err == nil {
				_ = unix.Close(fd)
			}
		}
		return exec.Command("/bin/true").Run()
	})
	return err
}
