package process

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/lannersec/lanner/internal/testenv"
)

func TestDescriptorsOfThisProcess(t *testing.T) {
	proc, err := OpenProcfs("/proc", "")
	testenv.Require(t, err == nil, "this process' own /proc cannot be read")
	path := filepath.Join(t.TempDir(), "a file")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()

	table := NewTable(Options{})
	self := int64(os.Getpid())
	if err := proc.Refresh(table, self); err != nil {
		t.Fatal(err)
	}
	proc.Descriptors(table)
	fds := table.Get(self).FDs
	if fd := fds.Get(int64(file.Fd())); fd == nil || fd.Name != path || fd.Type != FDFileV2 || fd.Ino == 0 {
		t.Errorf("the file is %+v", fd)
	}
	if fd := fds.Get(int64(r.Fd())); fd == nil || fd.Type != FDFifo || fd.Ino == 0 {
		t.Errorf("the pipe is %+v", fd)
	}
	port := netip.MustParseAddrPort(listener.Addr().String()).Port()
	var serves, connects bool
	fds.Each(func(fd *FD) bool {
		serves = serves || fd.Type == FDIPv4Serv && fd.DstPort == port && fd.L4 == L4TCP
		connects = connects || fd.Type == FDIPv4Sock && fd.DstPort == port && fd.DstIP == "\x7f\x00\x00\x01"
		return true
	})
	if !serves || !connects {
		t.Errorf("server %v, client %v", serves, connects)
	}
}

func TestParseInet(t *testing.T) {
	const established = "   1: 0100007F:1F90 0200000A:C350 01 00000000:00000000 00:00000000 00000000  0 0 4242 1 0"
	fd := parseInet(established, L4TCP)
	if fd == nil || fd.Ino != 4242 || fd.SrcIP != "\x7f\x00\x00\x01" || fd.SrcPort != 8080 || fd.DstIP != "\x0a\x00\x00\x02" || fd.DstPort != 50000 {
		t.Errorf("%+v", fd)
	}
	const mapped = "   1: 0000000000000000FFFF00000100007F:0016 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 7 1"
	if fd := parseInet(mapped, L4TCP); fd == nil || fd.Type != FDIPv4Serv || fd.DstPort != 22 || fd.DstIP != "\x7f\x00\x00\x01" {
		t.Errorf("%+v", fd)
	}
	if parseInet("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", L4TCP) != nil {
		t.Error("the heading is a socket")
	}
}

func FuzzParseInet(f *testing.F) {
	f.Add("   1: 0100007F:1F90 0200000A:C350 01 00000000:00000000 00:00000000 00000000  0 0 4242 1 0")
	f.Fuzz(func(_ *testing.T, line string) {
		parseInet(line, L4UDP)
		parseUnix(line)
	})
}
