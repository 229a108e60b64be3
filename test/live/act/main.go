//go:build linux

// Command act does one thing that a rule looks for, as its first argument says.
// The live tests build it without cgo, so that it runs in containers, and copy
// it under the names that rules know: nginx, sshd, ssh.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// acts are what can be done, by the first argument.
var acts = map[string]func(args []string) error{
	"read":           read,
	"read-later":     readLater,
	"write":          write,
	"truncate":       truncate,
	"rename":         func(a []string) error { return os.Rename(a[0], a[1]) },
	"remove":         func(a []string) error { return os.Remove(a[0]) },
	"chmod":          chmod,
	"run":            run,
	"try":            func(a []string) error { return ignoreExit(run(a)) },
	"run-as":         runAs,
	"packet-socket":  packetSocket,
	"redirect":       redirect,
	"connect":        connect,
	"connect-public": connectPublic,
	"listen":         listen,
	"load-module":    loadModule,
	"attach":         attach,
	"trace-me":       traceMe,
	"memory":         fromMemory,
	"enter":          enter,
	"mount":          func(a []string) error { return unix.Mount("none", a[0], "tmpfs", 0, "") },
	"page-faults":    pageFaults,
	"load-bpf":       loadBPF,
	"unix-socket":    unixSocket,
	"mark":           mark,
	"storm":          storm,
	"flood":          flood,
	"parent":         parent,
	"exit":           func([]string) error { return nil },
}

func main() {
	acts["become"], acts["login"] = become, login // they look acts up
	runtime.LockOSThread()                        // ptrace, unshare and setns are of a thread
	if len(os.Args) < 2 || acts[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: act ACT [ARGUMENT…]")
		os.Exit(2)
	}
	if err := acts[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "act:", err)
		os.Exit(1)
	}
}

// tolerate lets a call fail that is seen by the rule whether it works or not.
func tolerate(err error) error {
	var no syscall.Errno
	if errors.As(err, &no) {
		return nil
	}
	return err
}

func open(path string, flags int) error {
	fd, err := unix.Open(path, flags, 0o600)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

func read(args []string) error     { return open(args[0], unix.O_RDONLY) }
func write(args []string) error    { return open(args[0], unix.O_WRONLY|unix.O_CREAT) }
func truncate(args []string) error { return open(args[0], unix.O_WRONLY|unix.O_TRUNC) }

// readLater reads a file after the time that a rule grants a starting server.
func readLater(args []string) error {
	after, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	time.Sleep(after) // the rule is about the age of the process
	return read(args[1:])
}

func chmod(args []string) error {
	mode, err := strconv.ParseUint(args[0], 8, 32)
	if err != nil {
		return err
	}
	return unix.Chmod(args[1], uint32(mode))
}

func run(args []string) error { return start(args, nil) }

// runAs runs a program as a user.
func runAs(args []string) error {
	uid, err := strconv.ParseUint(args[0], 10, 32)
	if err != nil {
		return err
	}
	return start(args[1:], &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}})
}

func start(args []string, attr *syscall.SysProcAttr) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.SysProcAttr = attr
	return cmd.Run()
}

func packetSocket([]string) error {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

// dial connects with plain calls: the runtime's own dialler would do more.
func dial(address string) (int, error) {
	to, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		return -1, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, err
	}
	return fd, unix.Connect(fd, &unix.SockaddrInet4{Port: to.Port, Addr: [4]byte(to.IP.To4())})
}

func connect(args []string) error {
	_, err := dial(args[0])
	return err
}

// redirect makes a connection the standard input.
func redirect(args []string) error {
	fd, err := dial(args[0])
	if err != nil {
		return err
	}
	return unix.Dup3(fd, 0, 0)
}

// connectPublic connects to an address of the public network that it first
// gives to the loopback device of a network namespace of its own.
func connectPublic(args []string) error {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(args[0])
	if err != nil {
		return err
	}
	if err := giveToLoopback(host); err != nil {
		return err
	}
	if err := listen([]string{net.JoinHostPort("0.0.0.0", port)}); err != nil {
		return err
	}
	return connect(args)
}

// giveToLoopback switches the loopback device on and gives it an address.
func giveToLoopback(address string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	device, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	device.SetUint16(unix.IFF_UP)
	alias, err := unix.NewIfreq("lo:1")
	if err != nil {
		return err
	}
	if err := alias.SetInet4Addr(net.ParseIP(address).To4()); err != nil {
		return err
	}
	return errors.Join(unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, device), unix.IoctlIfreq(fd, unix.SIOCSIFADDR, alias), unix.Close(fd))
}

func listen(args []string) error {
	at, err := net.ResolveTCPAddr("tcp4", args[0])
	if err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: at.Port, Addr: [4]byte(at.IP.To4())}); err != nil {
		return err
	}
	return unix.Listen(fd, 1)
}

// loadModule asks the kernel to load what is no module.
func loadModule(args []string) error {
	fd, err := unix.Open(args[0], unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	return tolerate(unix.FinitModule(fd, "", 0))
}

// attach attaches to a child and lets it go.
func attach([]string) error {
	child := exec.Command(os.Args[0], "read-later", "1m", "/dev/null")
	if err := child.Start(); err != nil {
		return err
	}
	err := unix.PtraceAttach(child.Process.Pid)
	return errors.Join(err, child.Process.Kill(), ignoreExit(child.Wait()))
}

// ignoreExit forgets that a child was killed.
func ignoreExit(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

func traceMe([]string) error {
	if _, _, no := unix.Syscall(unix.SYS_PTRACE, unix.PTRACE_TRACEME, 0, 0); no != 0 {
		return no
	}
	return nil
}

// fromMemory runs a program from memory.
func fromMemory(args []string) error {
	program, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	fd, err := unix.MemfdCreate("payload", unix.MFD_CLOEXEC)
	if err != nil {
		return err
	}
	file := os.NewFile(uintptr(fd), "payload")
	if _, err := file.Write(program); err != nil {
		return err
	}
	return unix.Exec("/proc/self/fd/"+strconv.Itoa(fd), args, os.Environ())
}

// enter enters the namespace that a file stands for.
func enter(args []string) error {
	fd, err := unix.Open(args[0], unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	return unix.Setns(fd, 0)
}

func pageFaults([]string) error {
	fd, _, no := unix.Syscall(unix.SYS_USERFAULTFD, 1 /* UFFD_USER_MODE_ONLY */, 0, 0)
	if no != 0 {
		return no
	}
	return unix.Close(int(fd))
}

// loadBPF loads a program that returns 0.
func loadBPF([]string) error {
	code := []uint64{0xb7, 0x95} // r0 = 0; exit
	license := []byte("GPL\x00")
	attr := struct {
		kind, count       uint32
		code, license     uint64
		logLevel, logSize uint32
		logBuf            uint64
		version, flags    uint32
	}{
		kind: 1, count: uint32(len(code)),
		code: uint64(uintptr(unsafe.Pointer(&code[0]))), license: uint64(uintptr(unsafe.Pointer(&license[0]))),
	}
	fd, _, no := unix.Syscall(unix.SYS_BPF, unix.BPF_PROG_LOAD, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr))
	runtime.KeepAlive(code)
	runtime.KeepAlive(license)
	if no != 0 {
		return no
	}
	return unix.Close(int(fd))
}

// become sets the user and goes on with another act. Only this thread changes.
func become(args []string) error {
	uid, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	if _, _, no := unix.RawSyscall(unix.SYS_SETUID, uintptr(uid), 0, 0); no != 0 {
		return no
	}
	return acts[args[1]](args[2:])
}

// login makes the process one of a user's login and goes on with another act.
func login(args []string) error {
	if err := os.WriteFile("/proc/self/loginuid", []byte(args[0]), 0); err != nil {
		return err
	}
	return acts[args[1]](args[2:])
}

// unixSocket connects to a unix socket that it first makes.
func unixSocket(args []string) error {
	server, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	at := &unix.SockaddrUnix{Name: args[0]}
	if err := errors.Join(unix.Bind(server, at), unix.Listen(server, 1)); err != nil {
		return err
	}
	client, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	return unix.Connect(client, at)
}
