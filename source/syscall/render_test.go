package syscall

import (
	"slices"
	"testing"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
)

// scene is an event of a process with descriptors and a parent, on a host whose
// users are known.
func scene(t testing.TB, rec []byte) *Event {
	t.Helper()
	threads := process.NewTable(process.Options{})
	users := &user.Table{}
	users.Add("", user.User{UID: 1000, GID: 1001, Name: "ann", Home: "/home/ann", Shell: "/bin/zsh"})
	users.AddGroup("", user.Group{GID: 1001, Name: "staff"})
	for tid, ptid := range map[int64]int64{1: 0, 41: 1, 42: 41} {
		th := process.NewThread(tid)
		th.PID, th.PTID, th.VTID, th.VPID, th.SID, th.VPGID, th.PGID = tid, ptid, tid, tid, 41, 41, 41
		th.SetComm(map[int64]string{1: "systemd", 41: "bash", 42: "cat"}[tid])
		th.SetExe("/bin/" + th.Comm)
		th.SetExePath("/usr/bin/" + th.Comm)
		th.UID, th.GID, th.LoginUID = 1000, 1001, 1000
		threads.AddUnlinked(th)
	}
	threads.LinkAll()
	self := threads.Get(42)
	self.SetArgs("/etc/shadow\x00")
	self.SetCwd("/home/ann")
	self.CapEffective = 1<<21 | 1
	self.FDs = &process.FDTable{}
	file := self.FDs.Open(4)
	file.Type, file.Ino = process.FDFileV2, 77
	file.SetName("/etc/shadow")
	file.SetNameRaw("../../etc/shadow")
	dir := self.FDs.Open(5)
	dir.Type = process.FDDirectory
	dir.SetName("/tmp/dir")
	sock := self.FDs.Open(6)
	sock.Type, sock.L4, sock.State = process.FDIPv4Sock, process.L4TCP, process.FDClient|process.FDConnected
	sock.SetSource("\x0a\x00\x00\x01", 4242)
	sock.SetDest("\x08\x08\x08\x08", 443)

	e := &Event{Host: &Host{Name: "h1", Threads: threads, Users: users, Start: 1_700_000_000_000_000_000, Before: 1_700_000_000_000_000_005}}
	if err := e.Decode(rec, FormCounted); err != nil {
		t.Fatal(err)
	}
	e.Head.Num = 9
	e.Thread = threads.Get(e.TID)
	e.PID = e.Thread.PID
	if i := slices.IndexFunc(e.Info.Params, func(p ParamInfo) bool { return p.Name == "fd" }); e.HasParam(i) {
		e.FD = self.FDs.Get(e.Int(i))
		e.Thread.LastFD = e.Int(i)
	}
	return e
}

func tuple4(src [4]byte, sport uint16, dst [4]byte, dport uint16) []byte {
	return slices.Concat([]byte{famInet}, src[:], u16(sport), dst[:], u16(dport))
}

func TestAppendArgs(t *testing.T) {
	var v6 [16]byte
	v6[15] = 1
	tests := []struct {
		name string
		rec  []byte
		want string
	}{
		{"open", record(FormCounted, EvOpenX, i64(4), text("/etc/shadow"), u32(4097), u32(0o666), u32(0x2d), u64(77)),
			"fd=4(<f>/etc/shadow) name=/etc/shadow flags=4097(O_RDONLY|O_CLOEXEC) mode=0666 dev=2D ino=77"},
		{"relative name", record(FormCounted, EvOpenatX, i64(-2), i64(5), text("../x"), u32(0)),
			"fd=-2(ENOENT) dirfd=5(<d>/tmp/dir) name=../x(/tmp/x) flags=0(O_NONE)"},
		{"working directory", record(FormCounted, EvOpenatX, i64(-9999), i64(-100), text("x"), u32(7)),
			"fd=-9999 dirfd=-100(AT_FDCWD) name=x(/home/ann/x) flags=7(O_CREAT|O_RDWR)"},
		{"empty", record(FormCounted, EvConnectX, i64(0), nil, nil, nil), "res=0 tuple=NULL fd=<NA> addr=<NA>"},
		{"null text", record(FormCounted, EvChdirX, i64(0), []byte(nullText)), "res=0 path=<NA>"},
		{"error", record(FormCounted, EvChdirX, i64(-13), text("/x")), "res=-13(EACCES) path=/x"},
		{"data", record(FormCounted, EvReadX, i64(3), []byte("a\x00\xffb"), i64(4), u32(9)),
			"res=3 data=a..b fd=4(<f>/etc/shadow) size=9"},
		{"no data", record(FormCounted, EvReadX, i64(0), nil, i64(4), u32(9)), "res=0 data=NULL fd=4(<f>/etc/shadow) size=9"},
		{"socket", record(FormCounted, EvConnectX, i64(-115), tuple4([4]byte{10, 0, 0, 1}, 4242, [4]byte{8, 8, 8, 8}, 443), i64(6)),
			"res=-115(EINPROGRESS) tuple=10.0.0.1:4242->8.8.8.8:443 fd=6(<4t>10.0.0.1:4242->8.8.8.8:443)"},
		{"address", record(FormCounted, EvBindX, i64(0), slices.Concat([]byte{famInet6}, v6[:], u16(80)), i64(99)), "res=0 addr=::1:80 fd=99"},
		{"path address", record(FormCounted, EvBindX, i64(0), text("\x01/tmp/sock"), i64(99)), "res=0 addr=/tmp/sock fd=99"},
		{"cut address", record(FormCounted, EvBindX, i64(0), []byte{famInet, 1}, i64(99)), "res=0 addr=INVALID fd=99"},
		{"other family", record(FormCounted, EvBindX, i64(0), []byte{17}, i64(99)), "res=0 addr=family 17 fd=99"},
		{"process", record(FormCounted, EvKillX, i64(0), i64(41), []byte{9}), "res=0 pid=41(bash) sig=9(SIGKILL)"},
		{"no process", record(FormCounted, EvKillX, i64(0), i64(4711), []byte{99}), "res=0 pid=4711 sig=99"},
		{"user", record(FormCounted, EvSetresuidX, i64(0), u32(1000), u32(7), u32(1<<32-1)), "res=0 ruid=1000(ann) euid=7(<NA>) suid=-1(<NONE>)"},
		{"group", record(FormCounted, EvSetgidX, i64(0), u32(1001)), "res=0 gid=1001(staff)"},
		{"mode", record(FormCounted, EvChmodX, i64(0), text("/x"), u32(0o755)), "res=0 filename=/x " +
			"mode=0755(S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR)"},
		{"enumeration", record(FormCounted, EvSocketX, i64(3), u32(1), u32(2), u32(0), u32(0)),
			"fd=3 domain=1(AF_LOCAL|AF_UNIX) type=2 proto=0 flags=0(O_NONE)"},
		{"interval", record(FormCounted, EvNanosleepX, i64(0), u64(500_000_000)), "res=0 interval=500000000(0.5s)"},
		{"poll", record(FormCounted, EvPollX, i64(1), slices.Concat(u16(2), i64(4), u16(0x41), i64(99), u16(1)), i64(-1)),
			"res=1 fds=4:f41 99:1 timeout=-1"},
		{"signals", record(FormCounted, EvPpollX, i64(1), u16(0), u64(0), u32(1<<8|1)), "res=1 fds= timeout=0(0s) sigmask=0x00000101(HUP KILL)"},
		{"dynamic", record(FormCounted, EvGetsockoptX, i64(0), i64(6), []byte{1}, []byte{4}, slices.Concat([]byte{1}, i64(-111)), u32(4)),
			"res=0 fd=6(<4t>10.0.0.1:4242->8.8.8.8:443) level=1(SOL_SOCKET) optname=4(SO_ERROR) val=-111(ECONNREFUSED) optlen=4"},
		{"generic", record(FormCounted, EvSyscallX, u16(5), u16(2)), ""},
	}
	for _, tt := range tests {
		if got := string(scene(t, tt.rec).AppendArgs(nil)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func FuzzAppendArgs(f *testing.F) {
	f.Add(openat(FormCounted))
	f.Add(record(FormCounted, EvConnectX, i64(0), []byte{2, 1}, i64(6), []byte{1}))
	f.Add(record(FormCounted, EvPollX, i64(1), slices.Concat(u16(9), i64(4)), i64(-1)))
	f.Add(record(FormCounted, EvGetsockoptX, i64(0), i64(6), []byte{1}, []byte{4}, []byte{200}, u32(4)))
	fields := Source().Fields()
	f.Fuzz(func(t *testing.T, rec []byte) {
		e := &Event{Host: &Host{}}
		if e.Decode(rec, FormCounted) != nil {
			return
		}
		e.AppendArgs(nil)
		for _, name := range fields.Names() {
			if def, _ := fields.Lookup(name); def.Get != nil {
				def.Get(&e.Head)
			}
		}
	})
}
