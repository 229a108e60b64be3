package process

import "testing"

func TestFDTable(t *testing.T) {
	var table FDTable
	for _, n := range []int64{0, 3, fewFDs - 1, fewFDs, 1 << 40} {
		fd := table.Open(n)
		fd.Type = FDFile
		if got := table.Get(n); got != fd || got.Num != n {
			t.Errorf("descriptor %d is not the one opened", n)
		}
	}
	if table.Len() != 5 || table.Open(-1) != nil || table.Get(-1) != nil || table.Get(4) != nil {
		t.Error("descriptors that are not open are there")
	}
	table.CloseRange(3, fewFDs)
	if table.Len() != 2 || table.Get(3) != nil || table.Get(fewFDs) != nil {
		t.Errorf("%d descriptors are left", table.Len())
	}
	var none *FDTable
	if none.Get(1) != nil || none.Len() != 0 || none.Clone() != nil {
		t.Error("a missing table is not empty")
	}
}

func TestReopenedFDIsEmpty(t *testing.T) {
	var table FDTable
	fd := table.Open(3)
	fd.Type, fd.Flags, fd.State = FDIPv4Sock, 1, FDClient
	fd.SetName("old")
	fd.SetDest("\x7f\x00\x00\x01", 80)
	table.Close(3)
	if fd.Name != "old" {
		t.Error("the close event cannot see what was closed")
	}
	fd = table.Open(3)
	if fd.Type != FDUnknown || fd.Name != "" || fd.DstIP != "" || fd.DstPort != 0 || fd.State != 0 {
		t.Errorf("the new descriptor has something of the old: %+v", fd)
	}
}

func TestFDTableIsBounded(t *testing.T) {
	var table FDTable
	for n := range int64(maxTableFDs) {
		table.Open(n)
	}
	if table.Open(maxTableFDs) != nil || table.Len() != maxTableFDs {
		t.Error("the table took one too many")
	}
	if table.Open(5) == nil {
		t.Error("an open descriptor cannot be replaced")
	}
	table.Close(7)
	if table.Open(maxTableFDs) == nil {
		t.Error("a closed descriptor made no room")
	}
}

func TestReopeningDoesNotAllocate(t *testing.T) {
	var table FDTable
	name := []byte("/etc/ld.so.cache")
	if n := testing.AllocsPerRun(100, func() {
		fd := table.Open(3)
		fd.SetName(string(name)) // the conversion stays on the stack
		fd.SetNameRaw("ld.so.cache")
		table.Close(3)
	}); n != 0 {
		t.Errorf("opening the same file again makes %v allocations", n)
	}
}
