package runtimesecurityreceiver

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/otelmap"
)

// letters are the priorities in the test below; n is a notice.
const letters = "neaCEWNID"

func itemOf(letter byte, number int) item {
	lane := strings.IndexByte(letters, letter)
	if lane == 0 {
		return item{notice: &otelmap.Notice{Body: fmt.Sprint(number)}}
	}
	return item{det: &engine.Detection{Rule: &rules.Rule{Priority: rules.Priority(lane)}, Num: uint64(number)}}
}

func (i item) String() string {
	if i.det == nil {
		return "n" + i.notice.Body
	}
	return fmt.Sprintf("%c%d", letters[i.lane()], i.det.Num)
}

func TestQueueKeepsWhatMattersMost(t *testing.T) {
	for _, test := range []struct{ put, lost, taken string }{
		{"EWD", "", "E0 W1 D2"},
		{"DDDE", "D2", "D0 D1 E3"},
		{"EEED", "D3", "E0 E1 E2"},
		{"EEEE", "E3", "E0 E1 E2"},
		{"DWEa", "D0", "W1 E2 a3"},
		{"DWEaaa", "D0 W1 E2", "a3 a4 a5"},
		{"DnWnEna", "D0", "n1 W2 n3 E4 n5 a6"},
	} {
		t.Run(test.put, func(t *testing.T) {
			q := newQueue(3)
			var lost, taken []string
			for i := range len(test.put) {
				if l, full := q.put(itemOf(test.put[i], i)); full {
					lost = append(lost, l.String())
				}
			}
			for i, ok := q.take(); ok; i, ok = q.take() {
				taken = append(taken, i.String())
			}
			if got := strings.Join(lost, " "); got != test.lost {
				t.Errorf("lost %s, want %s", got, test.lost)
			}
			if got := strings.Join(taken, " "); got != test.taken {
				t.Errorf("took %s, want %s", got, test.taken)
			}
		})
	}
}

func TestNoticesAreBoundedToo(t *testing.T) {
	q, lost := newQueue(1), 0
	for i := range maxNotices + 5 {
		if _, full := q.put(itemOf('n', i)); full {
			lost++
		}
	}
	if lost != 5 || q.len() != maxNotices {
		t.Errorf("%d lost, %d wait", lost, q.len())
	}
}

// TestQueueUsesItsMemoryAgain: many more items than the bound go through.
func TestQueueUsesItsMemoryAgain(t *testing.T) {
	q := newQueue(10)
	for i := range 10_000 {
		if _, full := q.put(itemOf('W', i)); full {
			t.Fatal("full")
		}
		if i >= 5 {
			if got, _ := q.take(); got.det.Num != uint64(i-5) {
				t.Fatalf("took %v, want number %d", got, i-5)
			}
		}
	}
	if n := cap(q.lanes[rules.Warning].items); n > 100 {
		t.Errorf("room for %d", n)
	}
}

func BenchmarkQueue(b *testing.B) {
	q, one := newQueue(100), itemOf('W', 1)
	b.ReportAllocs()
	for b.Loop() {
		q.put(one)
		q.take()
	}
}
