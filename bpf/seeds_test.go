package bpf_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/syscall"
)

var seeds = flag.String("seeds", "", "folder to write real records to, as seeds for the decoder's fuzzer")

// TestSeeds writes one real record of each call that happens here while a shell
// does a few things:
//
//	go test ./bpf -run TestSeeds -seeds ../source/syscall/testdata/fuzz/FuzzLiveDecode
func TestSeeds(t *testing.T) {
	if *seeds == "" {
		t.Skip("only with -seeds")
	}
	folder, err := filepath.Abs(*seeds)
	if err != nil {
		t.Fatal(err)
	}
	ways := helper(t, "ways")
	t.Chdir("/tmp")
	l := startLive(t, bpf.Config{})
	if err := l.capture.SetTypes(event.AllTypes(syscall.Types().Len())); err != nil {
		t.Fatal(err)
	}
	listen(t, "tcp", "127.0.0.1:0")
	run(t, "/bin/sh", "-c", "cd / && cat /etc/hostname /nowhere; ls -l /etc/hostname; mkdir /tmp/lanner-seed && rmdir /tmp/lanner-seed; true")
	run(t, ways, "uring", "/etc/hostname", t.TempDir())
	me := int64(os.Getpid())
	written := map[uint16]bool{}
	l.until("records", func(e *syscall.Event) bool {
		sample := l.sample
		call := binary.LittleEndian.Uint16(sample[4:])
		generic := int(call) < len(abi.Calls) && abi.Calls[call].Code != 0
		ours := e.PID == me || e.Thread.PTID == me || e.Thread.Parent() != nil && e.Thread.Parent().PTID == me
		if ours && !generic && !written[call] && len(sample) < 4096 {
			written[call] = true
			name := fmt.Sprintf("call-%d", call)
			if int(call) < len(abi.Calls) {
				name = abi.Calls[call].Name
			}
			text := fmt.Sprintf("go test fuzz v1\n[]byte(%q)\n", anonymous(sample))
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return e.Name() == "procexit" && e.Thread.Comm == "ways" && e.Thread.PTID == me
	})
}

// anonymous replaces the names of this machine's cgroups by others of the same
// length.
func anonymous(sample []byte) []byte {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return sample
	}
	for line := range bytes.Lines(text) {
		if _, path, ok := bytes.Cut(bytes.TrimSpace(line), []byte(":/")); ok && len(path) > 0 {
			sample = bytes.ReplaceAll(sample, path, bytes.Repeat([]byte("c"), len(path)))
		}
	}
	return sample
}
