package live_test

import (
	"io/fs"
	"os/exec"
	"testing"

	enginerules "github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/rules"
)

// Reasons why a rule cannot be set off here.
const (
	needsEngine = "it needs a container engine, which runc is not: test/containers does it with containerd"
	needsModule = "a real module would have to be loaded"
	offUnasked  = "off by default; its script shows it"
)

// inside runs act in a container.
func inside(args ...string) func(*machine) {
	return func(m *machine) { m.containers().run(contained{}, append([]string{"/bin/act"}, args...)...) }
}

// insideWith runs act in a container that has a file.
func insideWith(file string, args ...string) func(*machine) {
	return func(m *machine) { m.containers().run(with(m.t, file), append([]string{"/bin/act"}, args...)...) }
}

// insideAs runs act in a container with a capability.
func insideAs(capability string, args ...string) func(*machine) {
	return func(m *machine) {
		m.containers().run(contained{caps: []string{capability}}, append([]string{"/bin/act"}, args...)...)
	}
}

// dropped runs act in a container under another name.
func dropped(name string, args ...string) func(*machine) {
	return func(m *machine) { m.containers().runDropped(name, args...) }
}

// outside runs act on the host.
func outside(args ...string) func(*machine) {
	return func(m *machine) { m.run(m.act, args...) }
}

// called runs act on the host under another name, whatever comes of it.
func called(name string, args ...string) func(*machine) {
	return func(m *machine) { m.try(m.named(name), args...) }
}

// defaultTriggers are the default rules, in their order.
var defaultTriggers = []trigger{
	{rule: "Release agent written in container", do: inside("write", "/tmp/release_agent")},
	{rule: "Host helper program set in container", do: inside("write", "/proc/sys/kernel/core_pattern")},
	{rule: "Debugfs used in container", do: dropped("debugfs", "exit")},
	{rule: "Mount in container", do: insideAs("CAP_SYS_ADMIN", "mount", "/tmp")},
	{rule: "Namespace changed in container", do: insideAs("CAP_SYS_ADMIN", "enter", "/proc/self/ns/uts")},
	{rule: "Namespace entered by unexpected program", do: outside("enter", "/proc/self/ns/uts")},
	{rule: "Container engine socket used in container", do: inside("unix-socket", "/tmp/docker.sock")},
	{rule: "Privileged container started", impossible: needsEngine},
	{rule: "Container started with sensitive mount", impossible: needsEngine},
	{rule: "Kernel module loaded in container", do: insideAs("CAP_SYS_MODULE", "load-module", "/bin/busybox")},
	{rule: "Kernel module loaded by unexpected program", impossible: needsModule},
	{rule: "BPF program loaded by unexpected program", do: outside("load-bpf")},
	{rule: "Process injected with ptrace", do: outside("attach")},
	{rule: "Debugger shut out with ptrace", do: outside("trace-me")},
	{rule: "Page fault handler opened by user", do: outside("become", "65534", "page-faults")},
	{rule: "Program run from memory", do: outside("memory", "/bin/true")},
	{rule: "Program run from shared memory", do: runFromSharedMemory},
	{rule: "Miner started", do: called("xmrig", "exit")},
	{rule: "Netcat gives a shell", do: inside("try", "/bin/nc", "127.0.0.1", "1", "-e", "/bin/true")},
	{rule: "Shell spawned by server", do: called("nginx", "run", "/bin/sh", "-c", "true")},
	{rule: "Attack tool spawned by server", do: called("nginx", "run", "/usr/bin/id")},
	{rule: "Package manager run in container", do: dropped("apk", "exit")},
	{rule: "Cluster client run in container", do: dropped("kubectl", "exit")},
	{rule: "Dropped binary run in container", do: dropped("tool", "exit")},
	{rule: "Credentials searched", do: func(m *machine) { m.try("/bin/grep", "BEGIN RSA PRIVATE", "/dev/null") }},
	{rule: "Data wiped", do: func(m *machine) { m.run("/usr/bin/shred", m.file("data", "x")) }},
	{rule: "Security service stopped", do: called("setenforce", "0")},
	{rule: "File capability set", do: called("setcap", "cap_setuid+ep", "x")},
	{rule: "User account changed", do: called("useradd", "-m", "eve")},
	{rule: "Encoded payload decoded in container", do: func(m *machine) {
		m.containers().run(contained{terminal: true}, "/bin/act", "try", "/bin/base64", "-d", "/etc/hosts")
	}},
	{rule: "Service account at a terminal", do: func(m *machine) {
		onTerminal(m.t, exec.Command(m.act, "run-as", "1", "/bin/true"))
	}},
	{rule: "Interactive shell in container", do: func(m *machine) {
		m.containers().run(contained{terminal: true}, "/bin/sh", "-c", "true")
	}},
	{rule: "Setuid bit set", do: func(m *machine) { m.run(m.act, "chmod", "4755", m.file("setuid", "x")) }},
	{rule: "Root gained by unexpected program", do: outside("login", "12345", "become", "0", "exit")},
	{rule: "Loader preload file written", do: inside("write", "/etc/ld.so.preload")},
	{rule: "Account database written", do: inside("write", "/etc/passwd")},
	{rule: "Login rules changed", do: inside("write", "/etc/sudoers")},
	{rule: "SSH key added", do: insideWith("/tmp/.ssh/known_hosts", "write", "/tmp/.ssh/authorized_keys")},
	{rule: "Scheduled task or service added", do: insideWith("/etc/cron.d/old", "write", "/etc/cron.d/new")},
	{rule: "Shell startup file changed", do: inside("write", "/tmp/.bashrc")},
	{rule: "File written below binary directory", do: inside("write", "/bin/tool")},
	{rule: "Binary renamed or moved", do: inside("rename", "/bin/ls", "/bin/list")},
	{rule: "File written below etc", do: inside("write", "/etc/hosts")},
	{rule: "Link made to sensitive file", do: func(m *machine) { m.run("/bin/ln", "-s", "/etc/shadow", m.path("link")) }},
	{rule: "Sensitive file reached by path traversal", do: called("nginx", "read", "/tmp/../tmp/../etc/passwd")},
	{rule: "Sensitive file read", do: func(m *machine) { m.run("/bin/cat", "/etc/shadow") },
		with: map[string]string{"fd.name": "/etc/shadow", "proc.name": "cat"}},
	{rule: "SSH private key read", do: func(m *machine) { m.run("/bin/cat", m.file(".ssh/id_ed25519", "x")) }},
	{rule: "Credential file read by copy tool", do: func(m *machine) { m.run("/bin/cat", m.file(".aws/credentials", "x")) }},
	{rule: "Log file cleared", do: insideWith("/var/log/auth.log", "truncate", "/var/log/auth.log")},
	{rule: "Shell history removed", do: func(m *machine) { m.run(m.act, "remove", m.file(".bash_history", "x")) }},
	{rule: "Socket given to standard streams", do: func(m *machine) { m.run(m.act, "redirect", listenerAt(m.t, "127.0.0.1")) }},
	{rule: "Connection opened by shell", do: called("bash", "connect-public", "203.0.113.7:8000"),
		also: []string{"Listening port opened by tool"}},
	{rule: "Miner pool contacted", do: outside("connect-public", "203.0.113.7:3333")},
	{rule: "SSH connection to unusual port", do: called("ssh", "connect-public", "203.0.113.7:443")},
	{rule: "Listening port opened by tool", do: called("nc", "listen", "0.0.0.0:0")},
	{rule: "Packet socket opened in container", do: insideAs("CAP_NET_RAW", "packet-socket")},
	{rule: "Cloud metadata service contacted in container", impossible: offUnasked},
	{rule: "Unexpected outbound connection", impossible: offUnasked},
	{rule: "Unexpected listening port", impossible: offUnasked},
}

// TestDefaultRules does what each default rule is about, and what none is.
func TestDefaultRules(t *testing.T) {
	data, err := fs.ReadFile(rules.FS, rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	w, m := begin(t, enginerules.File{Name: rules.Default, Data: data}), newMachine(t)
	w.runTriggers(m, defaultTriggers)
	t.Run("nothing else", func(t *testing.T) {
		w.t, m.t = t, t
		w.expect(nil, w.during(func() { doNothingBad(m) }))
	})
}
