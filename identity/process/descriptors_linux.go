package process

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Descriptors gives the processes of the table their open descriptors, for a
// recording: live capture has no need of them. What cannot be read is left out.
func (p *Procfs) Descriptors(t *Table) {
	sockets := socketReader{dir: p.dir, spaces: map[string]map[uint64]*FD{}}
	t.Each(func(th *Thread) bool {
		if th.IsLeader() {
			th.FDs = &FDTable{}
			p.descriptorsOf(th, &sockets, t)
		}
		return true
	})
}

func (p *Procfs) descriptorsOf(th *Thread, sockets *socketReader, t *Table) {
	dir := filepath.Join(p.dir, strconv.FormatInt(th.PID, 10))
	entries, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		return // it ended, or is another user's
	}
	for _, entry := range entries {
		n, err := strconv.ParseInt(entry.Name(), 10, 64)
		if err != nil {
			continue
		}
		link := filepath.Join(dir, "fd", entry.Name())
		fd := describe(link, sockets, th.PID)
		if fd == nil {
			continue
		}
		fd.State |= FDFromProc
		if th.FDs.Copy(n, fd) == nil {
			t.RefusedFD()
			return
		}
	}
}

// anonymous are the kinds of descriptors that stand for no file.
var anonymous = map[string]FDType{
	"[eventfd]": FDEvent, "[eventpoll]": FDEventPoll, "[signalfd]": FDSignal, "[timerfd]": FDTimer,
	"inotify": FDInotify, "bpf-map": FDBPF, "bpf-prog": FDBPF, "bpf_link": FDBPF, "[userfaultfd]": FDUserFault,
	"[io_uring]": FDIOUring, "[pidfd]": FDPidfd,
}

// describe makes a descriptor of what its link in /proc says; nil where it is
// closed by now.
func describe(link string, sockets *socketReader, pid int64) *FD {
	target, err := os.Readlink(link)
	if err != nil {
		return nil
	}
	kind, rest, _ := strings.Cut(target, ":")
	switch {
	case strings.HasPrefix(target, "/memfd:"):
		return &FD{Type: FDMemfd, Name: strings.TrimSuffix(strings.TrimPrefix(target, "/memfd:"), " (deleted)")}
	case strings.HasPrefix(target, "/"):
		return describeFile(link, target)
	case kind == "socket":
		return sockets.find(pid, inode(rest))
	case kind == "pipe":
		return &FD{Type: FDFifo, Ino: inode(rest)}
	case kind == "anon_inode":
		if t, ok := anonymous[rest]; ok {
			return &FD{Type: t}
		}
	}
	return &FD{Type: FDUnsupported}
}

func describeFile(link, path string) *FD {
	fd := &FD{Type: FDFileV2, Name: path}
	var st syscall.Stat_t
	if syscall.Stat(link, &st) == nil {
		fd.Ino = st.Ino
		switch st.Mode & syscall.S_IFMT {
		case syscall.S_IFDIR:
			fd.Type = FDDirectory
		case syscall.S_IFIFO:
			fd.Type = FDFifo
		}
	}
	return fd
}

// inode is the number in brackets.
func inode(text string) uint64 {
	n, _ := strconv.ParseUint(strings.Trim(text, "[]"), 10, 64) // 0 is the answer where it fails
	return n
}

// socketReader finds sockets by inode, for each network namespace once.
type socketReader struct {
	dir    string
	spaces map[string]map[uint64]*FD
}

func (s *socketReader) find(pid int64, ino uint64) *FD {
	dir := filepath.Join(s.dir, strconv.FormatInt(pid, 10))
	space, err := os.Readlink(filepath.Join(dir, "ns/net"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if s.spaces[space] == nil {
		s.spaces[space] = readSockets(filepath.Join(dir, "net"))
	}
	if fd := s.spaces[space][ino]; fd != nil {
		return fd
	}
	return &FD{Type: FDUnsupported, Ino: ino}
}

// readSockets reads the lists of a network namespace.
func readSockets(dir string) map[uint64]*FD {
	found := map[uint64]*FD{}
	for name, proto := range map[string]L4Proto{
		"tcp": L4TCP, "tcp6": L4TCP, "udp": L4UDP, "udp6": L4UDP, "raw": L4Raw, "raw6": L4Raw, "icmp": L4ICMP,
	} {
		for line := range strings.Lines(readAll(dir, name)) {
			if fd := parseInet(line, proto); fd != nil {
				found[fd.Ino] = fd
			}
		}
	}
	for line := range strings.Lines(readAll(dir, "unix")) {
		if fd := parseUnix(line); fd != nil {
			found[fd.Ino] = fd
		}
	}
	for line := range strings.Lines(readAll(dir, "netlink")) {
		if f := strings.Fields(line); len(f) > 9 && number(f[9]) > 0 {
			found[uint64(number(f[9]))] = &FD{Type: FDNetlink, Ino: uint64(number(f[9]))}
		}
	}
	return found
}

// readAll is a list's text, empty where it cannot be read.
func readAll(dir, name string) string {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return string(text)
}

// listening is the state of a TCP socket that waits for connections.
const listening = "0A"

// parseInet reads a line of /proc/net/tcp and its kin; nil for the heading.
func parseInet(line string, proto L4Proto) *FD {
	f := strings.Fields(line)
	if len(f) < 10 || number(f[9]) <= 0 {
		return nil
	}
	local, localPort, ok1 := parseEnd(f[1])
	remote, remotePort, ok2 := parseEnd(f[2])
	if !ok1 || !ok2 {
		return nil
	}
	fd := &FD{Ino: uint64(number(f[9])), L4: proto, Type: FDIPv4Sock}
	server := FDIPv4Serv
	if len(local) == 16 {
		fd.Type, server = FDIPv6Sock, FDIPv6Serv
	}
	switch {
	case proto == L4TCP && f[3] == listening, remotePort == 0 && localPort > 0:
		fd.Type, fd.State = server, FDServer
		fd.SetDest(local, localPort)
	default:
		fd.SetSource(local, localPort)
		fd.SetDest(remote, remotePort)
	}
	return fd
}

// parseEnd reads an address and port in hexadecimal. The address stands in
// groups of four bytes, each the wrong way round.
func parseEnd(text string) (ip string, port uint16, ok bool) {
	addr, hexPort, _ := strings.Cut(text, ":")
	n, err := strconv.ParseUint(hexPort, 16, 16)
	if err != nil || len(addr) != 8 && len(addr) != 32 {
		return "", 0, false
	}
	var b []byte
	for group := 0; group < len(addr); group += 8 {
		word, err := strconv.ParseUint(addr[group:group+8], 16, 32)
		if err != nil {
			return "", 0, false
		}
		b = append(b, byte(word), byte(word>>8), byte(word>>16), byte(word>>24))
	}
	ip = string(b)
	if len(ip) == 16 && ip[:12] == "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff" {
		ip = ip[12:]
	}
	return ip, uint16(n), true
}

// parseUnix reads a line of /proc/net/unix; nil for the heading.
func parseUnix(line string) *FD {
	f := strings.Fields(line)
	if len(f) < 7 || number(f[6]) <= 0 {
		return nil
	}
	fd := &FD{Type: FDUnixSock, Ino: uint64(number(f[6]))}
	if len(f) > 7 {
		fd.Name = f[7]
	}
	return fd
}
