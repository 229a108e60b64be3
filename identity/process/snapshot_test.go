package process

import "testing"

// family is a table with a process, its thread, its parent and grandparent.
func family() (table *Table, thread *Thread) {
	table = NewTable(Options{})
	for tid, parent := int64(1), int64(0); tid <= 3; tid, parent = tid+1, tid {
		th := NewThread(tid)
		th.PID, th.PTID = tid, parent
		th.SetComm(string(rune('a' + tid - 1)))
		table.Add(th)
	}
	return table, table.Clone(table.Get(3), 4, CloneThread, nil)
}

func TestSnapshotStays(t *testing.T) {
	table, thread := family()
	var s Snapshots
	c := s.Of(thread)
	table.Get(2).SetComm("later")
	table.Get(3).SetComm("later")
	thread.UID = 7
	table.Remove(4)
	table.Remove(3)
	if c.UID != 0 || c.Leader().Comm != "c" || c.Leader().Parent().Comm != "b" || c.Leader().Ancestor(2).Comm != "a" {
		t.Errorf("the copy changed: %v %q", c.UID, c.Leader().Comm)
	}
	if c.Group().Alive() != 2 {
		t.Errorf("%d threads, want 2", c.Group().Alive())
	}
}

func TestSnapshotsShareAncestors(t *testing.T) {
	table, thread := family()
	var s Snapshots
	first, second := s.Of(table.Get(3)), s.Of(thread).Leader()
	if first != second {
		t.Error("a process that did not change was copied twice")
	}
	table.Get(2).SetComm("new")
	third := s.Of(table.Get(3))
	if third.Parent().Comm != "new" || first.Parent().Comm != "b" {
		t.Errorf("parents %q and %q", third.Parent().Comm, first.Parent().Comm)
	}
	if third.Ancestor(2) != first.Ancestor(2) {
		t.Error("the grandparent was copied again")
	}
}

func BenchmarkSnapshot(b *testing.B) {
	table, thread := family()
	var s Snapshots
	for b.Loop() {
		table.Get(3).LastSeen++
		s.Of(thread)
	}
}
