package bpf_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/source/syscall"
)

// listen accepts and drops connections until the test ends.
func listen(t *testing.T, network, address string) net.Addr {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	return l.Addr()
}

// However a program connects, the event and its ends are the same.
func TestLiveConnects(t *testing.T) {
	l := startLive(t, bpf.Config{}, "connect")
	port := listen(t, "tcp", "127.0.0.1:0").(*net.TCPAddr).Port
	program := helper(t, "connects")
	for _, way := range []string{"plain", "int80", "socketcall", "uring"} {
		t.Run(way, func(t *testing.T) {
			l.t = t
			cmd := exec.Command(program, way, strconv.Itoa(port))
			out, err := cmd.CombinedOutput()
			if strings.Contains(string(out), "unsupported") {
				testenv.Require(t, false, fmt.Sprintf("%s: %s", way, out))
			}
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			pid := int64(cmd.Process.Pid)
			l.until("connect", func(e *syscall.Event) bool {
				if e.PID == pid && e.Name() == "procexit" {
					t.Fatal("the process ended without the event")
				}
				return e.PID == pid && e.Name() == "connect"
			})
			fd := l.event.FD
			if fd == nil || fd.Type != process.FDIPv4Sock || fd.L4 != process.L4TCP {
				t.Fatalf("descriptor %+v", fd)
			}
			if fd.DstIP != "\x7f\x00\x00\x01" || fd.DstPort != uint16(port) || fd.SrcIP != fd.DstIP || fd.SrcPort == 0 {
				t.Errorf("ends %q", fd.Name)
			}
			if fd.State&process.FDClient == 0 || fd.State&process.FDServer != 0 {
				t.Errorf("state %b, want a client's", fd.State)
			}
			if len(l.event.Param(1)) == 0 || len(l.event.Param(3)) == 0 && way != "uring" {
				t.Errorf("parameters %q and %q", l.event.Param(1), l.event.Param(3))
			}
		})
	}
}

// The server's side, and datagrams, by the test itself.
func TestLiveSockets(t *testing.T) {
	l := startLive(t, bpf.Config{}, "socket", "bind", "listen", "accept4", "accept", "sendto", "recvfrom", "sendmsg", "recvmsg", "connect", "write")
	me := int64(os.Getpid())

	addr := listen(t, "tcp", "127.0.0.1:0").(*net.TCPAddr)
	c, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	l.until("bind", func(e *syscall.Event) bool {
		return e.PID == me && e.Name() == "bind" && e.FD.Type == process.FDIPv4Serv
	})
	l.until("listen", func(e *syscall.Event) bool {
		return e.PID == me && e.Name() == "listen" && e.FD.DstPort == uint16(addr.Port) && e.FD.Type == process.FDIPv4Serv
	})
	local := uint16(c.LocalAddr().(*net.TCPAddr).Port)
	l.until("accept4", func(e *syscall.Event) bool {
		return e.PID == me && e.Name() == "accept4" && e.FD != nil && e.FD.SrcPort == local &&
			e.FD.DstPort == uint16(addr.Port) && e.FD.State&process.FDServer != 0
	})

	u, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	if _, err := u.WriteTo([]byte("payload"), &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}); err != nil {
		t.Fatal(err)
	}
	l.until("sendto", func(e *syscall.Event) bool {
		return e.PID == me && e.Name() == "sendto" && e.FD != nil && string(e.Param(1)) == "payload"
	})
	if fd := l.event.FD; fd.L4 != process.L4UDP || fd.DstPort != 9 {
		t.Errorf("datagram %q", fd.Name)
	}

	path := filepath.Join(t.TempDir(), "socket")
	listen(t, "unix", path)
	x, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	l.until("connect to a path", func(e *syscall.Event) bool {
		return e.PID == me && e.Name() == "connect" && e.FD != nil && e.FD.Type == process.FDUnixSock && strings.HasSuffix(e.FD.Name, path)
	})
}
