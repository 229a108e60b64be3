package process

import (
	"testing"
)

// add makes a thread known.
func add(t *Table, tid, pid, ptid int64) *Thread {
	th := NewThread(tid)
	th.PID, th.PTID, th.VTID, th.VPID = pid, ptid, tid, pid
	th.Comm = "c"
	if tid != pid {
		th.Flags = CloneThread | CloneFiles | CloneFS
	}
	t.Add(th)
	return th
}

func tids(each func(func(*Thread) bool)) (list []int64) {
	each(func(th *Thread) bool { list = append(list, th.TID); return true })
	return list
}

func TestGroupsAndChildren(t *testing.T) {
	table := NewTable(Options{})
	init := add(table, 1, 1, 0)
	p := add(table, 10, 10, 1)
	thread := add(table, 11, 10, 1)
	child := add(table, 20, 20, 11)

	if g := table.Group(10); g.Alive() != 2 || g.Len() != 2 {
		t.Errorf("group 10 has %d living of %d threads", g.Alive(), g.Len())
	}
	if child.Parent() != thread || child.Ancestor(2) != init || child.Ancestor(3) != nil {
		t.Error("the child's ancestors are not its parent thread and init")
	}
	if thread.Leader() != p || !table.Group(1).Reaper || table.Group(10).Reaper {
		t.Error("leader or reapers are wrong")
	}
	if got := tids(init.EachChild); len(got) != 2 {
		t.Errorf("init's children are %v", got)
	}
}

func TestUnknownParentIsNone(t *testing.T) {
	table := NewTable(Options{})
	if th := add(table, 10, 10, 9); th.PTID != 0 || th.Parent() != nil {
		t.Errorf("the parent of an orphan is %d", th.PTID)
	}
}

func TestReaping(t *testing.T) {
	for _, c := range []struct {
		name   string
		reaper int64 // as the exit event tells
		setup  func(*Table)
		want   int64 // the orphan's parent
	}{
		{"another thread of the process", -1, func(table *Table) { add(table, 11, 10, 5) }, 11},
		{"the nearest reaper", -1, func(table *Table) { table.Group(5).Reaper = true }, 5},
		{"init", -1, func(*Table) {}, 1},
		{"whom the kernel names", 5, func(*Table) {}, 5},
		{"nobody that is not there", 99, func(*Table) {}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := NewTable(Options{})
			add(table, 1, 1, 0)
			add(table, 5, 5, 1)
			parent := add(table, 10, 10, 5)
			orphan := add(table, 20, 20, 10)
			c.setup(table)
			parent.ReaperID = c.reaper
			table.Remove(10)
			if orphan.PTID != c.want || orphan.Parent() != table.Get(c.want) {
				t.Errorf("the orphan's parent is %d, want %d", orphan.PTID, c.want)
			}
			if orphan.Creator() != parent {
				t.Error("who made the orphan is forgotten")
			}
		})
	}
}

func TestOrphansStayInTheirPidNamespace(t *testing.T) {
	table := NewTable(Options{})
	add(table, 1, 1, 0)
	inside := func(tid, ptid, vtid int64) *Thread {
		th := NewThread(tid)
		th.PID, th.PTID, th.VTID, th.VPID = tid, ptid, vtid, vtid
		table.Add(th)
		return th
	}
	inside(100, 1, 1)
	inside(101, 100, 2)
	orphan := inside(102, 101, 3)
	table.Remove(101)
	if orphan.PTID != 100 {
		t.Errorf("the orphan went to %d, not to its namespace's init", orphan.PTID)
	}
	table.Remove(100)
	if orphan.PTID != 0 {
		t.Errorf("without its init the orphan went to %d", orphan.PTID)
	}
}

func TestLeaderStaysForItsThreads(t *testing.T) {
	table := NewTable(Options{})
	add(table, 1, 1, 0)
	leader := add(table, 10, 10, 1)
	add(table, 11, 10, 1)
	table.Exit(10, 0)
	table.Sweep()
	if table.Get(10) != leader || !leader.Dead() {
		t.Fatal("the dead leader left before its thread")
	}
	table.Exit(11, 0)
	table.Sweep()
	if table.Get(10) != nil || table.Get(11) != nil || table.Group(10) != nil {
		t.Error("the process did not leave with its last thread")
	}
}

func TestExitedThreadIsSeenUntilSweep(t *testing.T) {
	table := NewTable(Options{})
	add(table, 10, 10, 1)
	table.Exit(10, 0)
	if table.Get(10) == nil {
		t.Error("the exit event cannot see its thread")
	}
	table.Sweep()
	if table.Get(10) != nil {
		t.Error("the thread is still there")
	}
}

func TestNoExitIsForgotten(t *testing.T) {
	table := NewTable(Options{})
	add(table, 10, 10, 1)
	add(table, 20, 20, 1)
	table.Exit(10, 0)
	table.Exit(20, 0)
	table.Sweep()
	if table.Len() != 0 {
		t.Errorf("%d exited threads are still there", table.Len())
	}
}

func TestExec(t *testing.T) {
	table := NewTable(Options{})
	add(table, 1, 1, 0)
	leader := add(table, 10, 10, 1)
	other := add(table, 11, 10, 1)
	child := add(table, 20, 20, 11)
	leader.Flags |= Closed // it exited; its thread goes on and execs
	table.Group(10).alive--

	got := table.Exec(other, 7)
	if got != leader || leader.Dead() || leader.ExecTime != 7 {
		t.Error("the process's main thread did not go on with the new program")
	}
	if table.Get(11) != nil || table.Group(10).Alive() != 1 {
		t.Error("the other thread survived")
	}
	if child.PTID != 10 {
		t.Errorf("the thread's child went to %d", child.PTID)
	}
}

func TestExecOfThreadWithoutLeader(t *testing.T) {
	table := NewTable(Options{})
	th := add(table, 11, 10, 1)
	th.SetComm("worker")
	leader := table.Exec(th, 1)
	if leader.TID != 10 || leader.Comm != "worker" || table.Get(11) != nil || table.Get(10) != leader {
		t.Errorf("the main thread is %d %q", leader.TID, leader.Comm)
	}
}

func TestEviction(t *testing.T) {
	table := NewTable(Options{MaxThreads: 10})
	for i := int64(1); i <= 100; i++ {
		th := add(table, i, i, 0)
		th.LastSeen = uint64(i)
	}
	if s := table.Stats(); table.Len() != 10 || s.Evicted != 90 || s.Threads != 10 {
		t.Errorf("%d threads, %+v", table.Len(), s)
	}
	for i := int64(92); i <= 100; i++ {
		if table.Get(i) == nil {
			t.Errorf("thread %d, seen lately, was evicted", i)
		}
	}
}

func TestDeadCreatorsAreBounded(t *testing.T) {
	table := NewTable(Options{})
	add(table, 1, 1, 0)
	last := add(table, 10, 10, 1)
	for i := int64(11); i < 1000; i++ { // each forks and exits
		next := table.Clone(last, i, 0, nil)
		table.Remove(last.TID)
		last = next
	}
	n := 0
	for th := last.Creator(); th != nil && th.gone; th = th.Creator() {
		n++
	}
	if n == 0 || n > maxDeadRun {
		t.Errorf("%d dead creators are kept, want 1 to %d", n, maxDeadRun)
	}
	if last.Parent() == nil || last.Parent().TID != 1 {
		t.Error("the kernel's parent is not init")
	}
}

func TestHeal(t *testing.T) {
	table := NewTable(Options{})
	p := add(table, 10, 10, 1)
	p.SetExe("/bin/parent")
	p.StartTime = 100e7
	id := Identity{TID: 20, PID: 20, PTID: 10, VTID: 20, VPID: 20, StartTime: 200e7, Comm: "child", UID: 1000}

	th, fresh := table.Seen(&id, 1)
	if !fresh || th.Exe != "/bin/parent" || th.Comm != "child" || th.UID != 1000 || th.Parent() != p {
		t.Errorf("healed: fresh %v, %+v", fresh, th)
	}
	if again, fresh := table.Seen(&id, 2); fresh || again != th || th.PrevSeen != 1 || th.LastSeen != 2 {
		t.Error("the healed thread is not known")
	}
	id.StartTime = 900e7 // the number belongs to another process by now
	if other, fresh := table.Seen(&id, 3); !fresh || other == th || table.Get(20) != other {
		t.Error("a reused process id was taken for the old process")
	}
	if s := table.Stats(); s.Healed != 2 || s.Replaced != 1 {
		t.Errorf("%+v", s)
	}
}

func TestHealedThreadSharesWithItsProcess(t *testing.T) {
	table := NewTable(Options{})
	p := add(table, 10, 10, 1)
	p.SetCwd("/srv")
	th := table.Heal(&Identity{TID: 11, PID: 10, PTID: 1, VTID: 11, VPID: 10})
	p.SetCwd("/tmp")
	if th.Cwd() != "/tmp/" || th.Leader() != p {
		t.Errorf("the thread stands in %q", th.Cwd())
	}
}

func TestForkCopiesThreadsShare(t *testing.T) {
	table := NewTable(Options{})
	p := add(table, 10, 10, 1)
	p.SetCwd("/srv/")
	p.FDs = &FDTable{}
	p.FDs.Open(3).SetName("/etc/passwd")
	thread := table.Clone(p, 11, CloneThread, nil)
	child := table.Clone(p, 20, 0, nil)

	p.SetCwd("/tmp")
	p.FDs.Close(3)
	if thread.Cwd() != "/tmp/" || thread.FDs.Get(3) != nil {
		t.Error("the thread does not share directory and descriptors")
	}
	if child.Cwd() != "/srv/" || child.FDs.Get(3) == nil || child.FDs.Get(3).State&FDCloned == 0 {
		t.Error("the child lost its copies")
	}
}

func TestLookupDoesNotAllocate(t *testing.T) {
	table := NewTable(Options{})
	for i := int64(1); i <= 1000; i++ {
		add(table, i, i, 1)
	}
	id := Identity{TID: 7, PID: 7, PTID: 1, Comm: "c"}
	i := int64(0)
	if n := testing.AllocsPerRun(1000, func() {
		i = i%1000 + 1
		if table.Get(i) == nil {
			t.Fatal("a thread is missing")
		}
		table.Seen(&id, uint64(i))
		table.Get(i).Ancestor(3)
	}); n != 0 {
		t.Errorf("a look-up makes %v allocations", n)
	}
}

func BenchmarkGet(b *testing.B) {
	table := NewTable(Options{})
	for i := int64(0); i < 4096; i++ {
		add(table, i+1, i+1, 1)
	}
	for i := int64(0); b.Loop(); i++ {
		if table.Get(i*7&4095+1) == nil {
			b.Fatal("a thread is missing")
		}
	}
}

func BenchmarkForkExit(b *testing.B) {
	table := NewTable(Options{})
	p := add(table, 1, 1, 0)
	p.FDs = &FDTable{}
	for n := range int64(3) {
		p.FDs.Open(n).SetName("/dev/null")
	}
	for b.Loop() {
		table.Clone(p, 2, 0, nil)
		table.Remove(2)
	}
}
