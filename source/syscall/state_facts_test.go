package syscall_test

import (
	"net/netip"
	"testing"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// TestCallsThatMakeDescriptors wants each call's descriptor as the event's own.
func TestCallsThatMakeDescriptors(t *testing.T) {
	for _, c := range []struct {
		what string
		do   func(*world) *syscall.Event
		num  int64
		kind process.FDType
		want process.FD // its Name, Flags, Ino, PID
	}{
		{"eventfd", func(w *world) *syscall.Event { return w.do(syscall.EvEventfdX, 1, 5, 0, 0) }, 5, process.FDEvent, process.FD{}},
		{"eventfd2", func(w *world) *syscall.Event { return w.do(syscall.EvEventfd2X, 1, 5, 7, 0) }, 5, process.FDEvent, process.FD{Flags: 7}},
		{"signalfd4", func(w *world) *syscall.Event { return w.do(syscall.EvSignalfd4X, 1, 5, 7, 0, 0) }, 5, process.FDSignal, process.FD{Flags: 7}},
		{"timerfd", func(w *world) *syscall.Event { return w.do(syscall.EvTimerfdCreateX, 1, 5, 0, 0) }, 5, process.FDTimer, process.FD{}},
		{"inotify", func(w *world) *syscall.Event { return w.do(syscall.EvInotifyInit1X, 1, 5, 7) }, 5, process.FDInotify, process.FD{Flags: 7}},
		{"bpf", func(w *world) *syscall.Event { return w.do(syscall.EvBpfX, 1, 5, 0) }, 5, process.FDBPF, process.FD{}},
		{"userfaultfd", func(w *world) *syscall.Event { return w.do(syscall.EvUserfaultfdX, 1, 5, 0) }, 5, process.FDUserFault, process.FD{}},
		{"io_uring", func(w *world) *syscall.Event { return w.do(syscall.EvIoUringSetupX, 1, 5) }, 5, process.FDIOUring, process.FD{}},
		{"epoll", func(w *world) *syscall.Event { return w.do(syscall.EvEpollCreate1X, 1, 5, 0) }, 5, process.FDEventPoll, process.FD{}},
		{"memfd", func(w *world) *syscall.Event { return w.do(syscall.EvMemfdCreateX, 1, 5, "x", 3) }, 5, process.FDMemfd, process.FD{Name: "x", Flags: 3}},
		{"pidfd", func(w *world) *syscall.Event { return w.do(syscall.EvPidfdOpenX, 1, 5, 42, 0) }, 5, process.FDPidfd, process.FD{Name: "/proc/42", PID: 42}},
		{"pipe, its second end", func(w *world) *syscall.Event { return w.do(syscall.EvPipe2X, 1, 0, 5, 6, 99, 3) }, 6, process.FDFifo, process.FD{Ino: 99, Flags: 3}},
		{"socketpair, its first end", func(w *world) *syscall.Event { return w.do(syscall.EvSocketpairX, 1, 0, 5, 6, 1, 2) }, 5, process.FDUnixSock, process.FD{}},
		{"netlink", func(w *world) *syscall.Event { return w.do(syscall.EvSocketX, 1, 5, 16, 3, 0, 0) }, 5, process.FDNetlink, process.FD{}},
		{"fcntl", func(w *world) *syscall.Event {
			w.do(syscall.EvOpenX, 1, 3, "/a", 1, 0, 0, 0)
			return w.do(syscall.EvFcntlX, 1, 5, 3, 1)
		}, 5, process.FDFileV2, process.FD{Name: "/a", Flags: 1}},
		{"pidfd_getfd", func(w *world) *syscall.Event {
			w.do(syscall.EvOpenX, 1, 3, "/a", 1, 0, 0, 0)
			w.do(syscall.EvPidfdOpenX, 1, 4, 1, 0)
			return w.do(syscall.EvPidfdGetfdX, 1, 5, 4, 3, 0)
		}, 5, process.FDFileV2, process.FD{Name: "/a", Flags: 1}},
		{"directory", func(w *world) *syscall.Event { return w.do(syscall.EvOpenX, 1, 5, "/a", oDirectory, 0, 0, 0) }, 5, process.FDDirectory, process.FD{Name: "/a", Flags: oDirectory}},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := newWorld(t)
			fd := c.do(w).FD
			if fd == nil || fd != w.fd(1, c.num) {
				t.Fatalf("the event's descriptor is %+v", fd)
			}
			if fd.Type != c.kind || fd.Name != c.want.Name || fd.Flags != c.want.Flags || fd.Ino != c.want.Ino || fd.PID != c.want.PID {
				t.Errorf("%+v", fd)
			}
		})
	}
}

func TestFailedCallsMakeNoDescriptors(t *testing.T) {
	w := newWorld(t)
	w.do(syscall.EvEventfdX, 1, -24, 0, 0)
	w.do(syscall.EvPipeX, 1, -24, 5, 6, 0)
	w.do(syscall.EvSocketX, 1, -24, 2, 1, 0, 0)
	w.do(syscall.EvSocketpairX, 1, -24, 5, 6, 0, 0)
	w.do(syscall.EvDupX, 1, -9, 3)
	w.do(syscall.EvMemfdCreateX, 1, -1, "x", 0)
	w.do(syscall.EvPidfdGetfdX, 1, -1, 3, 3, 0)
	w.do(syscall.EvAcceptX, 1, -11, nil, 0, 0, 0)
	if n := w.state.Threads.Get(1).FDs.Len(); n != 0 {
		t.Errorf("%d descriptors", n)
	}
}

// TestCallsThatChangeTheirProcess looks at the process after a call, and after
// the same call with an error.
func TestCallsThatChangeTheirProcess(t *testing.T) {
	const nofile = 7
	for _, c := range []struct {
		what string
		num  uint16
		args []any // the first is the result
		get  func(*process.Thread) any
		want any
	}{
		{"chdir", syscall.EvChdirX, []any{0, "../srv"}, func(th *process.Thread) any { return th.Cwd() }, "/srv/"},
		{"getcwd", syscall.EvGetcwdX, []any{0, "/opt"}, func(th *process.Thread) any { return th.Cwd() }, "/opt/"},
		{"chroot", syscall.EvChrootX, []any{0, "/jail"}, func(th *process.Thread) any { return th.Root() }, "/jail"},
		{"setsid", syscall.EvSetsidX, []any{77}, func(th *process.Thread) any { return th.SID }, int64(77)},
		{"setuid", syscall.EvSetuidX, []any{0, 1000}, func(th *process.Thread) any { return th.UID }, uint32(1000)},
		{"setresuid", syscall.EvSetresuidX, []any{0, 1, 1000, 2}, func(th *process.Thread) any { return th.UID }, uint32(1000)},
		{"setreuid", syscall.EvSetreuidX, []any{0, 1, 1000}, func(th *process.Thread) any { return th.UID }, uint32(1000)},
		{"setgid", syscall.EvSetgidX, []any{0, 1000}, func(th *process.Thread) any { return th.GID }, uint32(1000)},
		{"setresgid", syscall.EvSetresgidX, []any{0, 1, 1000, 2}, func(th *process.Thread) any { return th.GID }, uint32(1000)},
		{"capset", syscall.EvCapsetX, []any{0, 1, 2, 3}, func(th *process.Thread) any { return th.CapEffective }, uint64(3)},
		{"unshare of the user namespace", syscall.EvUnshareX, []any{0, 1 << 20}, func(th *process.Thread) any { return th.CapEffective }, uint64(1<<41 - 1)},
		{"setns to another", syscall.EvSetnsX, []any{0, 3, 1 << 20}, func(th *process.Thread) any { return th.CapPermitted }, uint64(1<<41 - 1)},
		{"setrlimit", syscall.EvSetrlimitX, []any{0, 512, 1024, nofile}, func(th *process.Thread) any { return th.FDLimit }, int64(512)},
		{"prlimit", syscall.EvPrlimitX, []any{0, 512, 1024, 0, 0, 1, nofile}, func(th *process.Thread) any { return th.FDLimit }, int64(512)},
		{"subreaper", syscall.EvPrctlX, []any{0, 36, "", 1}, func(th *process.Thread) any { return th.Group().Reaper }, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := newWorld(t)
			th := w.state.Threads.Get(1)
			th.Group().Reaper = false
			failed := append([]any{-1}, c.args[1:]...)
			before := c.get(th)
			if w.do(c.num, 1, failed...); c.get(th) != before {
				t.Errorf("a failed call made it %v", c.get(th))
			}
			if w.do(c.num, 1, c.args...); c.get(th) != c.want {
				t.Errorf("it is %v, want %v", c.get(th), c.want)
			}
		})
	}
}

func TestFchdir(t *testing.T) {
	w := newWorld(t)
	w.do(syscall.EvOpenX, 1, 3, "/srv/www", oDirectory, 0, 0, 0)
	w.do(syscall.EvFchdirX, 1, 0, 3)
	if cwd := w.state.Threads.Get(1).Cwd(); cwd != "/srv/www/" {
		t.Error(cwd)
	}
}

func TestMemoryOfProcesses(t *testing.T) {
	w := newWorld(t)
	th := w.state.Threads.Get(1)
	w.do(syscall.EvBrkX, 1, 0, 100, 50, 7, 0)
	if th.VMSizeKB != 100 || th.VMRSSKB != 50 || th.VMSwapKB != 7 {
		t.Errorf("brk: %d %d %d", th.VMSizeKB, th.VMRSSKB, th.VMSwapKB)
	}
	w.do(syscall.EvSwitchE, 1, 2, 11, 12, 101, 51, 8)
	if th.PFMajor != 11 || th.PFMinor != 12 || th.VMRSSKB != 51 {
		t.Errorf("switch: %d %d %d", th.PFMajor, th.PFMinor, th.VMRSSKB)
	}
}

func TestBothSidesOfAClone(t *testing.T) {
	clone := func(w *world, res, tid, pid, ppid, flags, vtid int) *syscall.Event {
		return w.do(syscall.EvCloneX, int64(tid), res, "bash", nil, tid, pid, ppid, "", 0, 0, 0, 0, 0, 0, "bash", nil,
			flags, 0, 0, vtid, vtid, 5)
	}
	const thread, newPidns, inPidns, vfork = 1 << 13, 1 << 6, 1 << 29, 1 << 27
	t.Run("the caller's event makes the child", func(t *testing.T) {
		w := newWorld(t)
		clone(w, 10, 1, 1, 0, 0, 1)
		if th := w.state.Threads.Get(10); th == nil || th.PTID != 1 || th.VTID != 10 || th.Comm != "bash" {
			t.Errorf("%+v", th)
		}
	})
	t.Run("the child's own event comes first", func(t *testing.T) {
		w := newWorld(t)
		child := clone(w, 0, 10, 10, 1, 0, 10).Thread
		clone(w, 10, 1, 1, 0, 0, 1)
		if w.state.Threads.Get(10) != child {
			t.Error("the caller's event made another child")
		}
	})
	for name, flags := range map[string]int{"new pid namespace": newPidns, "in a pid namespace": inPidns, "vfork": vfork} {
		t.Run("left to the child: "+name, func(t *testing.T) {
			w := newWorld(t)
			clone(w, 10, 1, 1, 0, flags, 1)
			if w.state.Threads.Get(10) != nil {
				t.Error("the caller's event made the child")
			}
		})
	}
	t.Run("a reused id", func(t *testing.T) {
		w := newWorld(t)
		old := clone(w, 0, 10, 10, 1, 0, 10).Thread
		w.time += 3e9
		if now := clone(w, 0, 10, 10, 1, 0, 10).Thread; now == old {
			t.Error("the process of an old fork was taken for the new one")
		}
	})
	t.Run("an unknown caller", func(t *testing.T) {
		w := newWorld(t)
		e := clone(w, 60, 50, 50, 1, 0, 50)
		if e.Thread.PID != 50 || e.Thread.Parent() == nil || w.state.Threads.Get(60).Parent() != e.Thread {
			t.Errorf("%+v", e.Thread)
		}
	})
	t.Run("a thread of an unknown process", func(t *testing.T) {
		w := newWorld(t)
		th := clone(w, 0, 51, 50, 1, thread, 51).Thread
		if l := th.Leader(); l == nil || l.TID != 50 || l.Comm != "bash" || th.Group().Alive() != 2 {
			t.Errorf("the main thread is %+v", l)
		}
	})
	t.Run("in a pid namespace", func(t *testing.T) {
		w := newWorld(t)
		w.state.BootTime = 100
		th := clone(w, 0, 10, 10, 1, inPidns, 1).Thread
		if th.VTID != 1 || !th.InPidNamespace() || !th.Group().Reaper || th.PidnsInitStartTime != 105 {
			t.Errorf("%+v", th)
		}
	})
}

func TestExitTellsTheReaper(t *testing.T) {
	w := newWorld(t)
	for pid, parent := range map[int]int{10: 1, 20: 10} {
		th := process.NewThread(int64(pid))
		th.PID, th.PTID, th.VTID, th.VPID = int64(pid), int64(parent), int64(pid), int64(pid)
		w.state.Threads.AddUnlinked(th)
	}
	w.state.Threads.LinkAll()
	w.do(syscall.EvProcexitE, 10, 0, 0, 0, 0, 1)
	w.do(syscall.EvGetcwdX, 1, 0, "/")
	if orphan := w.state.Threads.Get(20); orphan.PTID != 1 || w.state.Threads.Get(10) != nil {
		t.Errorf("the orphan's parent is %d", orphan.PTID)
	}
}

// TestExecPathsOfOldCaptures wants the path that the enter event tells where the
// exit event has none.
func TestExecPathsOfOldCaptures(t *testing.T) {
	exit := []any{0, "x", nil, 1, 1, 0, "", 0, 0, 0, 0, 0, 0, "x", nil, nil, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, nil, nil, nil}
	const emptyPath = 1
	for _, c := range []struct {
		what  string
		enter uint16
		args  []any
		want  string
	}{
		{"execve", syscall.EvExecve292E, []any{"bin/x"}, "/root/bin/x"},
		{"execveat, working directory", syscall.EvExecveat330E, []any{atFDCWD, "x", 0}, "/root/x"},
		{"execveat, directory", syscall.EvExecveat330E, []any{9, "x", 0}, "/srv/x"},
		{"execveat of the descriptor itself", syscall.EvExecveat330E, []any{9, "", emptyPath}, "/srv"},
		{"execveat, unknown descriptor", syscall.EvExecveat330E, []any{8, "x", 0}, "<NA>"},
	} {
		w := newWorld(t)
		w.do(syscall.EvOpenX, 1, 9, "/srv", oDirectory, 0, 0, 0)
		w.do(c.enter, 1, c.args...)
		if th := w.do(syscall.EvExecveX, 1, exit...).Thread; th.ExePath != c.want {
			t.Errorf("%s: %q, want %q", c.what, th.ExePath, c.want)
		}
	}
}

func TestDatagramsOfAnUnboundSocket(t *testing.T) {
	w := newWorld(t)
	w.state.Near = func(string) string { return "\x0a\x00\x00\x01" }
	w.do(syscall.EvSocketX, 1, 3, 2, 2, 0, 0)
	from, to := netip.MustParseAddrPort("0.0.0.0:4000"), netip.MustParseAddrPort("10.0.0.9:53")
	if fd := w.do(syscall.EvSendtoX, 1, 5, []byte("hello"), 3, 5, inject.Tuple(from, to)).FD; fd.Name != "10.0.0.1:4000->10.0.0.9:53" {
		t.Error(fd.Name)
	}
}

func TestUnboundServerAnswers(t *testing.T) {
	w := newWorld(t)
	client, server := netip.MustParseAddrPort("10.0.0.1:4000"), netip.MustParseAddrPort("10.0.0.2:53")
	w.do(syscall.EvSocketX, 1, 3, 2, 2, 0, 0)
	w.do(syscall.EvRecvfromX, 1, 5, []byte("hello"), inject.Tuple(client, server), 3, 5)
	fd := w.do(syscall.EvSendtoX, 1, 5, []byte("hello"), 3, 5, inject.Tuple(server, client)).FD
	if fd.Name != "10.0.0.1:4000->10.0.0.2:53" || fd.State&process.FDServer == 0 {
		t.Errorf("%s, state %d", fd.Name, fd.State)
	}
}

func TestConnectWhoseEndsAreUnknown(t *testing.T) {
	w := newWorld(t)
	w.do(syscall.EvSocketX, 1, 3, 2, 1, 0, 0)
	w.do(syscall.EvConnectE, 1, 3, inject.Addr(netip.MustParseAddrPort("10.0.0.9:443")))
	fd := w.do(syscall.EvConnectX, 1, 0, nil, 3, nil).FD
	if fd.DstPort != 443 || fd.DstIP != "\x0a\x00\x00\x09" || fd.State&process.FDConnected == 0 {
		t.Errorf("%+v", fd)
	}
}

func TestChangesState(t *testing.T) {
	for name, want := range map[string]bool{
		"openat": true, "close": true, "clone": true, "execve": true, "connect": true, "dup3": true, "chdir": true,
		"read": false, "write": false, "sendto": false, "unlinkat": false, "getpid": false,
	} {
		id, ok := syscall.Types().Lookup(name)
		if !ok || syscall.ChangesState(id) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
