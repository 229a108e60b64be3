package noise

import (
	"container/list"
	"time"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/otelmap"
)

// maxGroups bounds how many different detections wait; the oldest goes early
// where there are more.
const maxGroups = 10_000

// group is the identical detections of a window.
type group struct {
	key   string
	first *engine.Detection
	count otelmap.Aggregate
	due   time.Time
}

// groups are in the order in which their windows end, which is that of their
// beginnings: all windows are of one length.
type groups struct {
	byKey map[string]*group
	order *list.List
}

func newGroups() groups { return groups{byKey: map[string]*group{}, order: list.New()} }

// add counts a detection; it returns the group that had to make room.
func (g *groups) add(key string, det *engine.Detection, due time.Time) *group {
	one := otelmap.One(det)
	if known := g.byKey[key]; known != nil {
		known.count.Join(one)
		return nil
	}
	var full *group
	if len(g.byKey) >= maxGroups {
		full = g.oldest()
	}
	fresh := &group{key, det, one, due}
	g.byKey[key] = fresh
	g.order.PushBack(fresh)
	return full
}

// due takes out the oldest group whose window is over; nil if there is none.
func (g *groups) due(now time.Time) *group {
	front := g.order.Front()
	if front == nil || now.Before(front.Value.(*group).due) {
		return nil
	}
	return g.oldest()
}

// oldest takes out the oldest group; nil if there is none.
func (g *groups) oldest() *group {
	front := g.order.Front()
	if front == nil {
		return nil
	}
	old := g.order.Remove(front).(*group)
	delete(g.byKey, old.key)
	return old
}
