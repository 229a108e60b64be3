package syscall

import "testing"

func TestNumbersOfNames(t *testing.T) {
	for _, c := range []struct {
		find func(string) (int64, bool)
		name string
		want int64
		ok   bool
	}{
		{ErrnoNumber, "ENOENT", 2, true},
		{ErrnoNumber, "", -1, false},
		{ErrnoNumber, "EWHAT", -1, false},
		{SignalNumber, "SIGKILL", 9, true},
		{CapabilityBit, "CAP_SYS_ADMIN", 21, true},
		{CapabilityBit, "CAP_CHOWN", 0, true},
	} {
		if n, ok := c.find(c.name); ok != c.ok || ok && n != c.want {
			t.Errorf("%q: %d %v, want %d %v", c.name, n, ok, c.want, c.ok)
		}
	}
}

func TestCurrent(t *testing.T) {
	for name, want := range map[string]uint16{
		"openat": EvOpenatX, "execve": EvExecveX, "clone": EvCloneX, "accept": EvAcceptX,
		"procexit": EvProcexitE, "setxattr": EvSyscallX,
	} {
		if got := Current(name); got == nil || got.Num != want {
			t.Errorf("%s: got %+v, want number %d", name, got, want)
		}
	}
	if Current("nosuchcall") != nil {
		t.Error("an unknown name has an encoding")
	}
}
