package process

// maxSnapshotDepth bounds how many ancestors a snapshot has.
const maxSnapshotDepth = 256

// Snapshots are copies of threads as they were at an event, for events that are
// evaluated later. Copies share what did not change between them. The zero value
// is ready.
type Snapshots struct{ made map[*Thread]*Thread }

// Of copies t with its main thread and its ancestors. The copy is in no table.
func (s *Snapshots) Of(t *Thread) *Thread {
	if s.made == nil {
		s.made = map[*Thread]*Thread{}
	}
	leader := t.Leader()
	if leader == nil || leader == t {
		return s.process(t, 0)
	}
	c := copyOf(t)
	of := s.process(leader, 0)
	c.group = of.group
	c.parent = of.parent
	return c
}

// Clear forgets all copies; those that are in use stay.
func (s *Snapshots) Clear() { clear(s.made) }

// process copies a main thread, or takes the copy that is still true.
func (s *Snapshots) process(t *Thread, depth int) *Thread {
	var parent *Thread
	if t.parent != nil && depth < maxSnapshotDepth {
		parent = s.process(t.parent, depth+1)
	}
	if c := s.made[t]; c != nil && c.parent == parent && c.isStill(t) {
		return c
	}
	c := copyOf(t)
	c.parent = parent
	if t.group != nil {
		c.group = &Group{PID: t.group.PID, Reaper: t.group.Reaper, alive: t.group.alive, leader: c}
	}
	s.made[t] = c
	return c
}

// isStill tells whether c is a copy of t as it is now: every event of a thread
// changes when it was seen last.
func (c *Thread) isStill(t *Thread) bool {
	return c.LastSeen == t.LastSeen && c.version == t.version && c.Flags == t.Flags &&
		c.Container == t.Container && (c.group == nil) == (t.group == nil) &&
		(t.group == nil || c.group.alive == t.group.alive)
}

func copyOf(t *Thread) *Thread {
	c := &Thread{}
	*c = *t
	c.group, c.parent, c.creator, c.children = nil, nil, nil, members{}
	c.Private = nil
	if t.fs != nil {
		own := *t.fs
		c.fs = &own
	}
	return c
}
