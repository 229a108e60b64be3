package process

const (
	fewFDs      = 1024 // descriptors below are found by index
	maxTableFDs = 65536
)

// FDTable holds the open descriptors of a process. A closed descriptor's memory
// is kept for the next one of that number.
type FDTable struct {
	few  []*FD
	many map[int64]*FD
	open int
}

// Len is the number of open descriptors.
func (t *FDTable) Len() int {
	if t == nil {
		return 0
	}
	return t.open
}

// Get is the open descriptor n, or nil.
func (t *FDTable) Get(n int64) *FD {
	if f := t.slot(n); f != nil && f.open {
		return f
	}
	return nil
}

func (t *FDTable) slot(n int64) *FD {
	switch {
	case t == nil || n < 0:
		return nil
	case n < int64(len(t.few)):
		return t.few[n]
	case n < fewFDs:
		return nil
	}
	return t.many[n]
}

// Open makes descriptor n anew, empty but for its number, in place of what it
// was. It is nil for a negative number, and where the table is full.
func (t *FDTable) Open(n int64) *FD {
	if n < 0 {
		return nil
	}
	f := t.slot(n)
	if f == nil {
		if t.open >= maxTableFDs {
			return nil
		}
		f = &FD{}
		t.put(n, f)
	}
	if !f.open {
		t.open++
	}
	f.reuse(n)
	return f
}

func (t *FDTable) put(n int64, f *FD) {
	if n >= fewFDs {
		if t.many == nil {
			t.many = map[int64]*FD{}
		}
		t.many[n] = f
		return
	}
	for int64(len(t.few)) <= n {
		t.few = append(t.few, nil)
	}
	t.few[n] = f
}

// Copy makes descriptor n of another descriptor, as dup does; nil as for Open.
func (t *FDTable) Copy(n int64, from *FD) *FD {
	src := *from
	f := t.Open(n)
	if f != nil {
		free := f.free
		*f = src
		f.Num, f.open, f.free = n, true, free
	}
	return f
}

// Close closes descriptor n. The FD stays readable until n is opened again.
func (t *FDTable) Close(n int64) {
	f := t.Get(n)
	if f == nil { // also in a missing table
		return
	}
	f.open = false
	t.open--
	if n >= fewFDs {
		delete(t.many, n)
	}
}

// CloseRange closes the descriptors from first to last.
func (t *FDTable) CloseRange(first, last int64) {
	t.Each(func(f *FD) bool {
		if f.Num >= first && f.Num <= last {
			t.Close(f.Num)
		}
		return true
	})
}

// Each calls f for every open descriptor until f returns false.
func (t *FDTable) Each(f func(*FD) bool) {
	if t == nil {
		return
	}
	for _, fd := range t.few {
		if fd != nil && fd.open && !f(fd) {
			return
		}
	}
	for _, fd := range t.many {
		if !f(fd) {
			return
		}
	}
}

// Clone copies the table, as a fork does. The strings are shared.
func (t *FDTable) Clone() *FDTable {
	if t == nil {
		return nil
	}
	c := &FDTable{open: t.open}
	block := make([]FD, 0, t.open)
	t.Each(func(fd *FD) bool {
		block = append(block, *fd)
		f := &block[len(block)-1]
		f.State |= FDCloned
		f.free = freed{}
		c.put(f.Num, f)
		return true
	})
	return c
}
