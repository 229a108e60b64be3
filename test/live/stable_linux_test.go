package live_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lannersec/lanner/engine/rules"
)

// stableTriggers are the reference's 25 stable rules.
var stableTriggers = []trigger{
	{rule: "Directory traversal monitored file read", do: func(m *machine) {
		m.run("/bin/cat", "/tmp/../tmp/../etc/passwd")
	}, with: map[string]string{"fd.name": "/etc/passwd"}},
	{rule: "Read sensitive file trusted after startup", do: func(m *machine) {
		m.run(m.named("nginx"), "read-later", "5500ms", "/etc/shadow")
	}, with: map[string]string{"proc.name": "nginx"}},
	{rule: "Read sensitive file untrusted", do: func(m *machine) {
		m.run("/bin/cat", "/etc/shadow")
	}, with: map[string]string{"proc.name": "cat", "fd.name": "/etc/shadow"}},
	{rule: "Run shell untrusted", do: func(m *machine) {
		m.run(m.named("nginx"), "run", "/bin/sh", "-c", "true")
	}, with: map[string]string{"proc.cmdline": "sh -c true"}},
	{rule: "System user interactive", do: func(m *machine) {
		m.run(m.named("sshd"), "run-as", "1", "/bin/true")
	}, with: map[string]string{"proc.name": "true"}},
	{rule: "Terminal shell in container", do: func(m *machine) {
		m.containers().run(contained{terminal: true}, "/bin/sh", "-c", "true")
	}, with: map[string]string{"proc.name": "sh"}},
	{rule: "Contact K8S API Server From Container", do: func(m *machine) {
		m.containers().run(contained{}, "/bin/act", "connect", listenerAt(m.t, apiServerIP))
	}},
	{rule: "Netcat Remote Code Execution in Container", do: func(m *machine) {
		m.containers().run(contained{}, "/bin/act", "try", "/bin/nc", "127.0.0.1", "1", "-e", "/bin/true")
	}, with: map[string]string{"proc.name": "nc"}},
	{rule: "Search Private Keys or Passwords", do: func(m *machine) {
		m.try("/bin/grep", "BEGIN RSA PRIVATE", "/dev/null")
	}},
	{rule: "Clear Log Activities", do: func(m *machine) {
		m.run(m.act, "truncate", m.file("auth.log", "x"))
	}},
	{rule: "Remove Bulk Data from Disk", do: func(m *machine) {
		m.run("/usr/bin/shred", m.file("data", "x"))
	}},
	{rule: "Create Symlink Over Sensitive Files", do: func(m *machine) {
		m.run("/bin/ln", "-s", "/etc/shadow", m.path("soft"))
	}},
	{rule: "Create Hardlink Over Sensitive Files", do: func(m *machine) {
		m.try("/bin/ln", "/etc/shadow", m.path("hard"))
	}},
	{rule: "Packet socket created in container", do: func(m *machine) {
		m.containers().run(contained{caps: []string{"CAP_NET_RAW"}}, "/bin/act", "packet-socket")
	}},
	{rule: "Redirect STDOUT/STDIN to Network Connection in Container", do: func(m *machine) {
		m.containers().run(contained{}, "/bin/act", "redirect", listenerAt(m.t, "127.0.0.1"))
	}},
	{rule: "Linux Kernel Module Injection Detected", do: func(m *machine) {
		m.containers().run(contained{caps: []string{"CAP_SYS_MODULE"}}, "/bin/act", "load-module", "/bin/busybox")
	}},
	{rule: "Debugfs Launched in Privileged Container",
		impossible: needsEngine},
	{rule: "Detect release_agent File Container Escapes", do: func(m *machine) {
		m.containers().run(contained{caps: []string{"CAP_SYS_ADMIN"}}, "/bin/act", "write", "/tmp/release_agent")
	}},
	{rule: "PTRACE attached to process", do: func(m *machine) { m.run(m.act, "attach") }},
	{rule: "PTRACE anti-debug attempt", do: func(m *machine) { m.run(m.act, "trace-me") }},
	{rule: "Find AWS Credentials", do: func(m *machine) {
		m.try("/bin/grep", "aws_access_key_id", "/dev/null")
	}},
	{rule: "Execution from /dev/shm", do: runFromSharedMemory},
	{rule: "Drop and execute new binary in container", do: func(m *machine) {
		m.containers().runDropped("dropped", "exit")
	}, with: map[string]string{"proc.exepath": "/tmp/dropped"}},
	{rule: "Disallowed SSH Connection Non Standard Port", do: func(m *machine) {
		m.run(m.named("ssh"), "connect-public", "203.0.113.7:443")
	}},
	{rule: "Fileless execution via memfd_create", do: func(m *machine) {
		m.run(m.act, "memory", "/bin/true")
	}},
}

// TestStableRules does what each of the reference's stable rules is about, and
// what none is.
func TestStableRules(t *testing.T) {
	corpus := os.Getenv("CORPUS")
	if corpus == "" {
		t.Skip("the reference's rules are in the corpus: set CORPUS=dir")
	}
	name := filepath.Join(corpus, "rules/upstream/falco_rules.yaml")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	w, m := begin(t, rules.File{Name: name, Data: data}), newMachine(t)
	w.runTriggers(m, stableTriggers)
	t.Run("nothing else", func(t *testing.T) {
		w.t, m.t = t, t
		w.expect(nil, w.during(func() { doNothingBad(m) }))
	})
}
