package syscall

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/hostname"
)

// read is the value of a field as rules name it, with its argument in brackets.
func read(t testing.TB, e *Event, text string) event.Value {
	t.Helper()
	return getter(t, text)(&e.Head)
}

func getter(t testing.TB, text string) field.Getter {
	t.Helper()
	name, arg, hasArg := strings.Cut(strings.TrimSuffix(text, "]"), "[")
	def, dotted, ok := Source().Fields().Resolve(name)
	if def == nil {
		t.Fatalf("no field %q", text)
	}
	if ok {
		arg, hasArg = dotted, true
	}
	if !hasArg {
		return def.Get
	}
	get, err := def.Bind(arg)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return get
}

const none = "(missing)"

func shown(v event.Value) string {
	if !v.Exists() {
		return none
	}
	return v.String()
}

func TestFields(t *testing.T) {
	open := record(FormCounted, EvOpenatX, i64(4), i64(-100), text("../../etc/shadow"), u32(4097), u32(0), u32(0x803), u64(77))
	failedOpen := record(FormCounted, EvOpenX, i64(-13), text("/etc/x"), u32(2), u32(0))
	connect := record(FormCounted, EvConnectX, i64(0), tuple4([4]byte{10, 0, 0, 1}, 4242, [4]byte{8, 8, 8, 8}, 443), i64(6))
	write := record(FormCounted, EvWriteX, i64(2), []byte("hi"), i64(4), u32(2))
	create := record(FormCounted, EvOpenX, i64(4), text("/x"), u32(openWrite|openCreat|openCreated), u32(0o700))
	generic := record(FormCounted, EvSyscallX, u16(5), u16(2))
	rename := record(FormCounted, EvRenameatX, i64(0), i64(5), text("a/../b"), i64(-100), text("/c"))
	procinfo := record(FormCounted, EvProcinfoE, u64(1), u64(2))
	poll := record(FormCounted, EvPollX, i64(1), append(u16(2), append(append(i64(4), u16(1)...), append(i64(6), u16(4)...)...)...), i64(-1))
	tests := []struct {
		rec    []byte
		fields map[string]string
	}{
		{open, map[string]string{
			"evt.type": "openat", "evt.num": "9", "evt.dir": "<", "evt.category": "file", "evt.source": "syscall", "syscall.type": "openat",
			"evt.type.is[openat]": "1", "evt.type.is[open]": "0", "evt.hostname": "h1", "evt.cpu": "0",
			"evt.is_open_read": "true", "evt.is_open_write": "false", "evt.is_open_exec": "false", "evt.is_open_create": "false",
			"evt.res": "SUCCESS", "evt.rawres": "4", "evt.failed": "false", "evt.count": "1", "evt.count.error": none, "evt.count.exit": "1",
			"evt.arg.name": "/etc/shadow", "evt.arg[2]": "/etc/shadow", "evt.arg.flags": "O_RDONLY|O_CLOEXEC", "evt.arg[9]": none, "evt.arg.res": none,
			"evt.rawarg.name": "../../etc/shadow", "evt.rawarg.dev": "803", "evt.rawarg.mode": "0", "evt.rawarg.res": none,
			"evt.abspath": "/etc/shadow", "fs.path.name": "/etc/shadow", "fs.path.nameraw": "../../etc/shadow", "fs.path.source": none,
			"fd.num": "4", "fd.type": "file", "fd.typechar": "f", "fd.name": "/etc/shadow", "fd.nameraw": "../../etc/shadow", "fd.uid": "424",
			"fd.directory": "/etc", "fd.filename": "shadow", "fd.ino": "77", "fd.sip": none, "fd.l4proto": "<NA>", "fd.containername": ":/etc/shadow",
			"evt.rawtime": "1700000000000000007", "evt.rawtime.s": "1700000000", "evt.rawtime.ns": "000000007", "evt.reltime": "7", "evt.deltatime": "2",
			"evt.time.iso8601": "2023-11-14T22:13:20.000000007+0000", "evt.is_io": "false", "evt.is_wait": "false", "evt.io_dir": none,
			"evt.buffer": none, "evt.is_async": "false",
			"proc.name": "cat", "proc.exe": "/bin/cat", "proc.exepath": "/usr/bin/cat", "proc.cmdline": "cat /etc/shadow",
			"proc.exeline": "/bin/cat /etc/shadow", "proc.args": "/etc/shadow", "proc.args[0]": "/etc/shadow", "proc.args[1]": none,
			"proc.cmdnargs": "1", "proc.cmdlenargs": "11", "proc.cwd": "/home/ann/", "proc.pid": "42", "proc.ppid": "41", "proc.env[HOME]": none,
			"proc.pname": "bash", "proc.aname[0]": "cat", "proc.aname[1]": "bash", "proc.aname[2]": "systemd", "proc.aname[3]": none,
			"proc.aname": "(bash,systemd)", "proc.apid": "(41,1)", "proc.sname": "bash", "proc.sid": "41", "proc.is_sid_leader": "false",
			"proc.vpgid.exepath": "/usr/bin/bash", "proc.pgid.name": "bash", "proc.loginshellid": "41", "proc.duration": none, "proc.nthreads": "1",
			"proc.nchilds": "0", "proc.fdopencount": "3", "proc.stdin.name": none,
			"thread.tid": "42", "thread.ismain": "true", "thread.cap_effective": "CAP_CHOWN CAP_SYS_ADMIN", "thread.cap_permitted": "",
			"user.uid": "1000", "user.name": "ann", "user.homedir": "/home/ann", "user.shell": "/bin/zsh", "user.loginuid": "1000",
			"user.loginname": "ann", "group.gid": "1001", "group.name": "staff",
			"container.id": "host", "container.name": "host", "container.image": none, "container.privileged": none, "k8s.pod.name": none,
			"fd.types": "(ipv4,directory,file)", "fd.types[5]": "(directory)",
		}},
		{failedOpen, map[string]string{
			"evt.res": "EACCES", "evt.rawres": "-13", "evt.failed": "true", "evt.count.error": "1", "evt.count.error.file": "1",
			"evt.count.error.net": none, "fd.type": none, "fd.typechar": "o", "evt.is_open_write": "true",
		}},
		{connect, map[string]string{
			"fd.name": "10.0.0.1:4242->8.8.8.8:443", "fd.type": "ipv4", "fd.ip": "(10.0.0.1,8.8.8.8)", "fd.port": "(443,4242)",
			"fd.cip": "10.0.0.1", "fd.sip": "8.8.8.8", "fd.lip": "10.0.0.1", "fd.rip": "8.8.8.8",
			"fd.cport": "4242", "fd.sport": "443", "fd.lport": "4242", "fd.rport": "443", "fd.sproto": "https", "fd.cproto": "4242",
			"fd.l4proto": "tcp", "fd.sockfamily": "ip", "fd.is_server": "false", "fd.connected": "true", "fd.directory": none, "fd.filename": none,
			"evt.category": "net",
		}},
		{write, map[string]string{
			"evt.buffer": "hi", "evt.buflen": "2", "evt.buflen.in": none, "evt.buflen.file.out": "2", "evt.io_dir": "w", "evt.is_io": "true",
			"evt.is_io_read": "false", "evt.is_io_write": "true", "evt.is_syslog": "false", "evt.category": "file", "fs.path.name": none,
		}},
		{create, map[string]string{"evt.is_open_exec": "true", "evt.is_open_create": "true", "evt.arg.mode": "0700"}},
		{generic, map[string]string{"evt.type": "open", "syscall.type": "open", "evt.args": "", "evt.res": none, "evt.category": "other", "fd.name": none}},
		{rename, map[string]string{
			"evt.abspath": none, "evt.abspath[src]": "/tmp/dir/b", "evt.abspath[dst]": "/c",
			"fs.path.source": "/tmp/dir/b", "fs.path.sourceraw": "a/../b", "fs.path.target": "/c",
		}},
		{procinfo, map[string]string{
			"evt.dir": ">", "syscall.type": none, "evt.count.procinfo": "1", "evt.count.threadinfo": "1", "evt.res": none, "evt.count.exit": none,
			"fd.num": none, "fd.name": none,
		}},
		{poll, map[string]string{
			"fdlist.nums": "4,6", "fdlist.names": "/etc/shadow,10.0.0.1:4242->8.8.8.8:443", "fdlist.cips": "10.0.0.1", "fdlist.sports": "443",
			"evt.is_wait": "true",
		}},
	}
	for _, tt := range tests {
		e := scene(t, tt.rec)
		for text, want := range tt.fields {
			if got := shown(read(t, e, text)); got != want {
				t.Errorf("%s of %s: got %q, want %q", text, e.Name(), got, want)
			}
		}
	}
}

func TestFieldsWithoutThread(t *testing.T) {
	e := scene(t, openat(FormCounted))
	e.Thread, e.FD = nil, nil
	for _, text := range []string{"proc.name", "proc.aname", "proc.aname[2]", "proc.sname", "user.name", "group.name", "fd.name", "fd.num", "thread.cap_effective", "fd.types"} {
		if v := read(t, e, text); v.Exists() {
			t.Errorf("%s: %q", text, v)
		}
	}
}

func TestContainerFields(t *testing.T) {
	e := scene(t, openat(FormCounted))
	e.Thread.Container = &container.Info{
		ID: "0123456789ab", FullID: "0123456789abcdef", Name: "web", Type: "containerd", Known: true, Privileged: true,
		Image: "docker.io/library/nginx:1", ImageRepo: "docker.io/library/nginx", ImageTag: "1", Started: 1_700_000_000_000_000_000,
		Mounts: []container.Mount{{Source: "/var/run/docker.sock", Dest: "/sock", Mode: "rw", RW: true}, {Source: "/proc", Dest: "/host/proc", Propagation: "rslave"}},
		Labels: []container.Label{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}},
		Pod:    container.Pod{Name: "web-1", Namespace: "prod", UID: "u1", Labels: []container.Label{{Key: "app", Value: "web"}}},
	}
	for text, want := range map[string]string{
		"container.id": "0123456789ab", "container.full_id": "0123456789abcdef", "container.name": "web", "container.privileged": "true",
		"container.image.repository": "docker.io/library/nginx", "container.duration": "7", "container.host_pid": "false",
		"container.mounts": "/var/run/docker.sock:/sock:rw:true:,/proc:/host/proc::false:rslave", "container.mount[1]": "/proc:/host/proc::false:rslave",
		"container.mount.dest[/proc*]": "/host/proc", "container.mount.dest[/var/run/docker.sock]": "/sock", "container.mount.dest[/etc]": none,
		"container.mount.dest[7]": none, "container.mount.source[^/host/.*]": "/proc", "container.label[b]": "2", "container.label[c]": none,
		"container.labels": "a:1, b:2", "k8s.pod.name": "web-1", "k8s.ns.name": "prod", "k8s.pod.label.app": "web",
		"user.name": "<NA>", "fd.containername": "0123456789ab:/etc/shadow",
	} {
		if got := shown(read(t, e, text)); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestBindRefuses(t *testing.T) {
	for _, c := range []struct{ name, arg string }{
		{"evt.arg", "nosuch"}, {"evt.arg", "99999999"}, {"evt.rawarg", "nosuch"}, {"evt.abspath", "mid"}, {"evt.type.is", "nosuch"},
		{"proc.aname", "x"}, {"proc.aname", "-1"}, {"proc.args", "x"}, {"fd.types", "x"}, {"container.mount", "("},
	} {
		def, _ := Source().Fields().Lookup(c.name)
		if _, err := def.Bind(c.arg); err == nil {
			t.Errorf("%s[%s] is accepted", c.name, c.arg)
		}
	}
}

// common are fields that conditions and outputs of the usual rules read.
var common = []string{
	"evt.type", "evt.num", "evt.res", "evt.rawres", "evt.failed", "evt.args", "evt.arg.name", "evt.arg.flags", "evt.rawarg.flags", "evt.abspath",
	"evt.is_open_read", "evt.is_open_write", "evt.time", "evt.time.iso8601", "evt.category", "evt.hostname",
	"fd.num", "fd.type", "fd.typechar", "fd.name", "fd.nameraw", "fd.directory", "fd.filename", "fd.ip", "fd.sip", "fd.lport", "fd.net", "fs.path.name",
	"proc.name", "proc.exe", "proc.exepath", "proc.cmdline", "proc.args", "proc.env[HOME]", "proc.cwd", "proc.tty", "proc.pid", "proc.ppid",
	"proc.pname", "proc.pcmdline", "proc.aname", "proc.aname[2]", "proc.aexepath[2]", "proc.sname", "proc.sid.exepath", "proc.duration", "proc.is_exe_upper_layer",
	"thread.cap_effective", "user.uid", "user.name", "user.loginuid", "user.loginname", "group.name",
	"container.id", "container.name", "container.image.repository", "k8s.ns.name", "k8s.pod.name",
}

func TestFieldsDoNotAllocate(t *testing.T) {
	rec := openat(FormCounted)
	e := scene(t, rec)
	thread, fd := e.Thread, e.FD
	getters := make([]field.Getter, len(common))
	for i, text := range common {
		getters[i] = getter(t, text)
	}
	for i, get := range getters {
		if n := testing.AllocsPerRun(100, func() { e.Head.Scratch.Reset(); get(&e.Head) }); n != 0 {
			t.Errorf("%s: %v allocations", common[i], n)
		}
	}
	n := testing.AllocsPerRun(100, func() {
		if err := e.Decode(rec, FormCounted); err != nil {
			t.Fatal(err)
		}
		e.Thread, e.FD = thread, fd
		for _, get := range getters {
			get(&e.Head)
		}
	})
	if n != 0 {
		t.Errorf("a whole event: %v allocations", n)
	}
}

func BenchmarkDecode(b *testing.B) {
	var e Event
	rec := openat(FormCounted)
	b.ReportAllocs()
	for b.Loop() {
		if err := e.Decode(rec, FormCounted); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFields(b *testing.B) {
	e := scene(b, openat(FormCounted))
	for _, text := range []string{"evt.type", "evt.is_open_read", "fd.name", "fd.directory", "proc.name", "proc.cmdline", "proc.pname", "proc.aname", "user.name", "container.id", "evt.arg.flags", "evt.args"} {
		get := getter(b, text)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Head.Scratch.Reset()
				get(&e.Head)
			}
		})
	}
}

func TestDirectoryFromKernel(t *testing.T) {
	e := scene(t, record(FormCounted, EvRenameatX, i64(0), i64(77), text("a"), i64(-100), text("b")))
	if got := shown(read(t, e, "fs.path.source")); got != unknownDir+"/a" {
		t.Errorf("unknown descriptor: %q", got)
	}
	e.SetDir(2, "/srv")
	e.SetDir(4, "/opt/")
	for text, want := range map[string]string{"fs.path.source": "/srv/a", "fs.path.target": "/opt/b", "evt.arg.oldpath": "/srv/a", "evt.abspath.dst": "/opt/b"} {
		if got := shown(read(t, e, text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// hosts answers for two addresses.
type hosts struct{}

func (hosts) LookupNetIP(_ context.Context, _, name string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr(map[string]string{"dns.example": "8.8.8.8", "google.example": "8.8.8.8", "me.example": "10.0.0.1"}[name])}, nil
}

func TestHostNames(t *testing.T) {
	e := scene(t, record(FormCounted, EvConnectX, i64(0), nil, i64(6)))
	if v := read(t, e, "fd.sip.name"); v.Exists() {
		t.Errorf("without names: %s", v)
	}
	e.Host.Names = hostname.New(hosts{})
	e.Host.Names.Want([]string{"dns.example", "google.example", "me.example"})
	e.Host.Names.Refresh(t.Context())
	for text, want := range map[string]string{
		"fd.sip.name": "(dns.example,google.example)", "fd.rip.name": "(dns.example,google.example)", "fd.cip.name": "me.example", "fd.lip.name": "me.example",
	} {
		if got := shown(read(t, e, text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
