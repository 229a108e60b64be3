package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/lannersec/lanner/internal/testenv"
)

// nobody is a user without rights, but with the given capabilities.
func nobody(capabilities ...uintptr) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: 65534, Gid: 65534},
		AmbientCaps: capabilities,
	}
}

// TestWithoutRightsItSaysWhichAreMissing starts as a user without capabilities.
func TestWithoutRightsItSaysWhichAreMissing(t *testing.T) {
	testenv.Root(t)
	c := launchReadable(t, toSink("embedded:lanner_rules.yaml", "127.0.0.1:1"), nobody())
	if err := c.end(t, waitTime); err == nil {
		t.Fatal("the collector runs on without the right to capture")
	}
	if c.log.line("CAP_BPF") == "" {
		t.Error("the log does not name CAP_BPF")
	}
}

// TestOneCapabilityLess: the start fails, and names the one that is missing.
func TestOneCapabilityLess(t *testing.T) {
	testenv.Root(t)
	all := map[string]uintptr{"CAP_BPF": unix.CAP_BPF, "CAP_PERFMON": unix.CAP_PERFMON, "CAP_SYS_PTRACE": unix.CAP_SYS_PTRACE}
	for missing := range all {
		t.Run(missing, func(t *testing.T) {
			var rest []uintptr
			for name, capability := range all {
				if name != missing {
					rest = append(rest, capability)
				}
			}
			c := launchReadable(t, toSink("embedded:lanner_rules.yaml", "127.0.0.1:1"), nobody(rest...))
			if err := c.end(t, waitTime); err == nil {
				t.Fatal("the collector runs on")
			}
			for name := range all {
				if named := c.log.line("lacks "+name) != ""; named != (name == missing) {
					t.Errorf("the log names %s: %v", name, named)
				}
			}
		})
	}
}

// TestThreeCapabilitiesAreEnough: the distribution need not run as root.
func TestThreeCapabilitiesAreEnough(t *testing.T) {
	testenv.Root(t)
	sink, address := newSink(t)
	c := launchReadable(t, toSink("embedded:lanner_rules.yaml", address),
		nobody(unix.CAP_BPF, unix.CAP_PERFMON, unix.CAP_SYS_PTRACE))
	c.waitReady(t)
	_, path := read(t, "lanner-reader")
	rec := sink.find(t, func(r record) bool {
		return r.text("process.executable.path") == path && r.text("file.path") == shadow
	})
	if name := rec.text("process.user.name"); name != "root" {
		t.Errorf("user %q", name)
	}
}

// TestReplayNeedsNoRights replays the shipped capture as a user without any.
func TestReplayNeedsNoRights(t *testing.T) {
	testenv.Root(t) // to become that user
	sink, address := newSink(t)
	capture := filepath.Join(publicDir(t), "intrusion.scap")
	copyFile(t, "../../testdata/captures/intrusion.scap", capture)
	config := strings.Replace(toSink("embedded:lanner_rules.yaml", address), "    delivery:",
		fmt.Sprintf("    replay: {files: [%q]}\n    delivery:", capture), 1)
	launchReadable(t, config, nobody())
	sink.find(t, func(r record) bool {
		return r.text("security_rule.name") == "Sensitive file read" && r.text("file.path") == shadow
	})
}
