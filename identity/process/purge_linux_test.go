package process

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPurgeRemovesThreadsWhoseEndWasLost(t *testing.T) {
	for _, tc := range []struct {
		name, namespace string
		removed         int
	}{
		{"of the machine", firstPIDNamespace, 2},
		{"of a container", "pid:[4026532000]", 0},
		{"unreadable", "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, task := range []string{"1/task/1", "1/ns", "10/task/10"} {
				if err := os.MkdirAll(filepath.Join(dir, task), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, "uptime"), []byte("5.00 4.00\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			if tc.namespace != "" {
				if err := os.Symlink(tc.namespace, filepath.Join(dir, "1/ns/pid")); err != nil {
					t.Fatal(err)
				}
			}
			procfs, err := OpenProcfs(dir, "")
			if err != nil {
				t.Fatal(err)
			}
			table := NewTable(Options{})
			for _, th := range []*Thread{
				{TID: 1, PID: 1},
				{TID: 10, PID: 10, PTID: 1},
				{TID: 11, PID: 10, PTID: 1},                // gone
				{TID: 20, PID: 20, PTID: 1},                // gone
				{TID: 30, PID: 30, PTID: 1, LastSeen: 100}, // events of it may come
				{TID: 31, PID: 31, PTID: 1, CloneTime: 99}, // too
			} {
				table.Add(th)
			}
			if n := procfs.Purge(table, 100, 50); n != tc.removed {
				t.Errorf("%d removed, want %d", n, tc.removed)
			}
			for _, tid := range []int64{1, 10, 30, 31} {
				if table.Get(tid) == nil {
					t.Errorf("thread %d was removed", tid)
				}
			}
			for _, tid := range []int64{11, 20} {
				if gone := table.Get(tid) == nil; gone != (tc.removed > 0) {
					t.Errorf("thread %d gone: %v", tid, gone)
				}
			}
		})
	}
}

func TestPurgeLooksAtSome(t *testing.T) {
	table := NewTable(Options{})
	for tid := int64(1); tid <= 100; tid++ {
		table.Add(&Thread{TID: tid, PID: tid})
	}
	nobody := func(*Thread) bool { return false }
	if n := table.RemoveGone(30, 1, nobody); n != 30 {
		t.Errorf("%d removed, want 30", n)
	}
	for calls := 0; table.Stats().Threads > 0; calls++ {
		if calls > 100 {
			t.Fatal("some threads are never looked at")
		}
		table.RemoveGone(30, 1, nobody)
	}
}
