package process

import "slices"

// members is a list of threads from which leavers are not removed one by one:
// they are marked by leaving the table, counted, and swept out together.
type members struct {
	list []*Thread
	live int // in the table
}

// sweepAt is how many leavers a list holds before they are swept out.
const sweepAt = 10

// add puts t in the list, at its front if first.
func (m *members) add(t *Thread, first bool) {
	if first {
		m.list = slices.Insert(m.list, 0, t)
	} else {
		m.list = append(m.list, t)
	}
	m.live++
}

// left notes that one of the threads is no longer a member; gone tells which.
func (m *members) left(gone func(*Thread) bool) {
	m.live--
	if len(m.list)-m.live >= sweepAt {
		m.list = slices.DeleteFunc(m.list, gone)
	}
}
