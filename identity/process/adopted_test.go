package process

import "testing"

// Derived texts of a clone are its own from the first change on.
func TestCloneDerivesAnew(t *testing.T) {
	table := NewTable(Options{})
	parent := NewThread(10)
	parent.PID, parent.PTID = 10, 1
	table.Add(parent)
	for _, comm := range []string{"a", "b", "c"} {
		parent.SetComm(comm)
	}
	parent.SetArgs("init\x00")
	if got := parent.Cmdline(); got != "c init" {
		t.Fatal(got)
	}
	child := table.Clone(parent, 11, 0, nil)
	for range 8 { // whatever count of changes the parent's texts were made at
		child.SetComm(child.Comm + "x")
		if got, want := child.Cmdline(), child.Comm+" init"; got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}

func TestAdopted(t *testing.T) {
	table := NewTable(Options{})
	add := func(tid, parent int64) *Thread {
		th := NewThread(tid)
		th.PID, th.PTID = tid, parent
		table.Add(th)
		return th
	}
	add(1, 0)
	shim, runc := add(20, 1), add(30, 1)
	init := add(40, 30)
	table.Remove(runc.TID) // the kernel's choice is not that of the table
	table.Adopted(init, shim.TID)
	if init.Parent() != shim || init.PTID != 20 {
		t.Errorf("parent %v, want the shim", init.Parent())
	}
	if _, live := shim.Children(); live != 1 {
		t.Errorf("the shim has %d children", live)
	}
	table.Adopted(init, 99)
	if init.Parent() != nil {
		t.Errorf("parent %v, want none: it is not known", init.Parent())
	}
	if n := testing.AllocsPerRun(100, func() { table.Adopted(shim, 1) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestShortProcessesLeaveTheTable(t *testing.T) {
	table := NewTable(Options{})
	shell := Identity{TID: 10, PID: 10, PTID: 1, VTID: 10, VPID: 10, StartTime: 1}
	for n := range int64(100_000) {
		pid := 11 + n%30_000
		child := Identity{TID: pid, PID: pid, PTID: 10, VTID: pid, VPID: pid, StartTime: uint64(n+2) * 1e7}
		table.Sweep()
		table.Fork(&shell, &child, 0, uint64(n))
		table.Sweep()
		table.Exit(pid, 0)
	}
	if table.Len() > 3 {
		t.Errorf("%d threads are left", table.Len())
	}
	if listed, live := table.Get(10).Children(); listed > 2*sweepAt || live > 1 {
		t.Errorf("%d children are listed, %d live", listed, live)
	}
}
