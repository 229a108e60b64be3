package live_test

import (
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/lannersec/lanner/engine"
)

// trigger is a thing that a rule must notice.
type trigger struct {
	rule string
	do   func(*machine)
	// with are values of fields that the detection must have.
	with map[string]string
	// also are rules that the deed cannot but fire as well.
	also []string
	// impossible is why it cannot be done here.
	impossible string
}

// listenerAt accepts connections on a free port of an address of the loopback.
func listenerAt(t *testing.T, ip string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp4", net.JoinHostPort(ip, "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // the test is over
	return l.Addr().String()
}

// runFromSharedMemory runs a program in /dev/shm.
func runFromSharedMemory(m *machine) {
	path := fmt.Sprintf("/dev/shm/lanner-live-%d", os.Getpid())
	copyFile(m.t, m.act, path)
	defer func() { _ = os.Remove(path) }() // memory, gone with the machine at the latest
	m.run(path, "exit")
}

// doNothingBad does what is like the triggers and yet in order.
func doNothingBad(m *machine) {
	m.run("/bin/cat", "/etc/hostname")
	m.run("/bin/sh", "-c", "true")
	m.try("/bin/grep", "root", "/etc/passwd")
	m.run("/bin/ln", "-s", "/etc/hostname", m.path("harmless"))
	m.run(m.act, "truncate", m.file("data.txt", "x"))
	m.run(m.act, "connect", listenerAt(m.t, "127.0.0.1"))
	// On the host all this is an administrator's business.
	m.run(m.act, "write", m.path("release_agent"))
	m.run(m.act, "packet-socket")
	m.run(m.act, "load-module", m.act)
	m.run(m.act, "unix-socket", m.path("docker.sock"))
	m.run("/usr/bin/nsenter", "--uts", "--target", strconv.Itoa(os.Getpid()), "/bin/true")
	m.try(m.named("kubectl"), "exit")
	m.try(m.named("apk"), "exit")
	m.containers().run(contained{}, "/bin/sh", "-c", "cat /etc/shadow-not; ls /tmp; true")
}

// runTriggers runs each trigger as a subtest.
func (w *watch) runTriggers(m *machine, triggers []trigger) {
	outer := w.t
	m.containers() // what sets it up is no step
	for _, tr := range triggers {
		outer.Run(tr.rule, func(t *testing.T) {
			if tr.impossible != "" {
				t.Skip(tr.impossible)
			}
			w.t, m.t, m.box.t = t, t, t
			w.expect(&tr, w.during(func() { tr.do(m) }))
		})
	}
	w.t, m.t, m.box.t = outer, outer, outer
}

// expect compares what fired with what should have.
func (w *watch) expect(tr *trigger, got []*engine.Detection) {
	w.t.Helper()
	fired := 0
	for _, d := range got {
		switch {
		case tr != nil && d.Rule.Name == tr.rule:
			fired++
			for name, want := range tr.with {
				if value := d.Field(name).String(); value != want {
					w.t.Errorf("%s is %q, want %q", name, value, want)
				}
			}
		case tr != nil && slices.Contains(tr.also, d.Rule.Name):
		default:
			w.t.Errorf("%q fired: %s", d.Rule.Name, d.Output)
		}
	}
	if tr != nil && fired != 1 {
		w.t.Errorf("fired %d times, want once", fired)
	}
}
