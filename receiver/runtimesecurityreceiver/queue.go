package runtimesecurityreceiver

import (
	"sync"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/otelmap"
)

// item is what waits for delivery: either of the two.
type item struct {
	det    *engine.Detection
	notice *otelmap.Notice
}

// lane is an item's priority. Notices go before all detections, for they tell of
// those that are missing.
func (i item) lane() rules.Priority {
	if i.det == nil {
		return 0
	}
	return i.det.Rule.Priority
}

// lanes is how many priorities there are, with that of notices.
const lanes = int(rules.Debug) + 1

// maxNotices bounds the notices that wait, beside the bound for detections.
const maxNotices = 100

// queue holds items in the order of their arrival, up to a bound for detections.
// What comes to a full one takes the place of the newest item of the lowest
// priority, if that is lower than its own.
type queue struct {
	bound int

	mu     sync.Mutex
	lanes  [lanes]fifo
	length int
	next   uint64 // number of the next arrival
	ended  bool

	ready chan struct{} // has an element while there may be something to take
}

func newQueue(bound int) *queue {
	return &queue{bound: bound, ready: make(chan struct{}, 1)}
}

// put adds an item. Where there is no room it returns the one that is lost: it
// or another one.
func (q *queue) put(i item) (lost item, full bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	lane := i.lane()
	switch {
	case lane == 0 && q.lanes[0].len() >= maxNotices:
		return i, true
	case lane > 0 && q.length-q.lanes[0].len() >= q.bound:
		victim := q.lowest()
		if victim <= lane {
			return i, true
		}
		lost, full = q.lanes[victim].dropNewest(), true
		q.length--
	}
	q.lanes[lane].push(arrival{q.next, i})
	q.next++
	q.length++
	q.wake()
	return lost, full
}

// lowest is the lowest priority that waits.
func (q *queue) lowest() rules.Priority {
	for lane := lanes - 1; lane > 0; lane-- {
		if q.lanes[lane].len() > 0 {
			return rules.Priority(lane)
		}
	}
	return 0
}

// take removes the item that came first; ok is false where there is none.
func (q *queue) take() (first item, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	from := -1
	for lane := range q.lanes {
		l := &q.lanes[lane]
		if l.len() > 0 && (from < 0 || l.front().number < q.lanes[from].front().number) {
			from = lane
		}
	}
	if from < 0 {
		return item{}, false
	}
	q.length--
	return q.lanes[from].pop().item, true
}

// end says that nothing more is put.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	q.wake()
}

// over tells whether end was called.
func (q *queue) over() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ended
}

// len is how many items wait.
func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.length
}

func (q *queue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// arrival is an item with its place among all.
type arrival struct {
	number uint64
	item   item
}

// fifo is a queue without a bound of its own.
type fifo struct {
	items []arrival
	head  int
}

func (f *fifo) len() int        { return len(f.items) - f.head }
func (f *fifo) front() *arrival { return &f.items[f.head] }

func (f *fifo) push(a arrival) {
	if f.head > len(f.items)/2 { // more than half is taken: use it again
		f.items = append(f.items[:0], f.items[f.head:]...)
		f.head = 0
	}
	f.items = append(f.items, a)
}

func (f *fifo) pop() arrival {
	a := f.items[f.head]
	f.items[f.head] = arrival{} // the item is garbage from now on
	f.head++
	return a
}

func (f *fifo) dropNewest() item {
	last := len(f.items) - 1
	i := f.items[last].item
	f.items = f.items[:last]
	return i
}
