package process

// Clone adds the thread child, which parent made with flags. The child starts as
// a copy of its parent: names, arguments, environment, credentials, and what
// the flags share or copy. fill then sets what the event tells of the child; it
// may be nil. An entry that already has the child's tid is replaced.
func (t *Table) Clone(parent *Thread, child int64, flags Flags, fill func(*Thread)) *Thread {
	c := &Thread{}
	*c = *parent
	c.TID, c.VTID = child, child
	c.Flags = flags
	c.group, c.parent, c.children = nil, nil, members{} // derived texts and their version stay: they are true of the copy
	c.Private = nil
	c.creator = parent
	c.ReaperID, c.LastFD = -1, -1
	c.LastSeen, c.PrevSeen = 0, 0
	if flags&CloneThread != 0 {
		c.PTID = parent.PTID
	} else {
		c.PID, c.VPID = child, child
		c.PTID = parent.TID
		if flags&CloneParent != 0 {
			c.PTID = parent.PTID
		}
		c.StartTime, c.ExecTime = 0, 0
	}
	c.inherit(parent, flags)
	if fill != nil {
		fill(c)
	}
	t.Add(c)
	return c
}

// inherit shares or copies the descriptors and directories of parent. A thread
// shares them also where its flags say nothing, as old captures leave it.
func (t *Thread) inherit(parent *Thread, flags Flags) {
	if flags&CloneThread != 0 {
		t.Flags |= CloneFiles | CloneFS
		t.fs = parent.ownFS()
		return
	}
	own := *parent.ownFS()
	t.fs = &own
	t.FDs = parent.FDs.Clone()
}
