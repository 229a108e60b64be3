package okta

import (
	"strings"
	"sync"
	"time"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
)

// failure is a way in which a second factor fails.
type failure uint8

const (
	noFailure failure = iota
	failed            // a wrong or late answer
	denied            // the user said that it was not he
)

// mfaFields count failures of an actor. They have a value on such failures alone.
var mfaFields = []field.Definition{
	countField("okta.mfa.failure.countlast", failed, "How often the actor's second factor failed in the last seconds, as many as the argument says."),
	countField("okta.mfa.deny.countlast", denied, "How often the actor denied a second factor in the last seconds, as many as the argument says."),
}

func countField(name string, of failure, desc string) field.Definition {
	bind := func(arg string) (field.Getter, error) {
		seconds, err := document.Index(arg)
		if err != nil {
			return nil, err
		}
		span := uint64(seconds) * uint64(time.Second)
		return document.Field(func(e *document.Event) event.Value {
			kind, user := failureOf(e)
			s, ok := e.Source.(*source)
			if kind != of || !ok {
				return event.Value{}
			}
			return event.Uint(s.mfa.count(key{kind, user}, e.Head.Time, span))
		}), nil
	}
	return field.Definition{Name: name, Type: field.Uint64, Arg: field.ArgRequired | field.ArgIndex, Desc: desc, Bind: bind}
}

// failureOf tells whether an event is a failure, and whose.
func failureOf(e *document.Event) (kind failure, user string) {
	switch t := e.Root.Get("eventType"); {
	case t.Equal("user.mfa.okta_verify.deny_push"):
		kind = denied
	case t.Equal("user.authentication.auth_via_mfa") && e.Root.Path("outcome", "result").Equal("FAILURE"):
		kind = failed
	default:
		return noFailure, ""
	}
	return kind, e.Root.Path("actor", "id").Text(&e.Head.Scratch)
}

// Bounds of what is remembered.
const (
	maxActors = 10_000
	maxTimes  = 100 // of one actor; more count as that many
)

type key struct {
	kind failure
	user string
}

// mfa remembers when second factors failed. It is safe for concurrent use.
type mfa struct {
	mu    sync.Mutex
	times map[key][]uint64 // ns, in the order of arrival
}

func newMFA() *mfa { return &mfa{times: map[key][]uint64{}} }

func (m *mfa) add(k key, at uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	times, known := m.times[k]
	if !known {
		if len(m.times) >= maxActors {
			m.forgetOldest()
		}
		k.user = strings.Clone(k.user)
	}
	if len(times) == maxTimes {
		times = times[:copy(times, times[1:])]
	}
	m.times[k] = append(times, at)
}

// forgetOldest drops the actor whose last failure is the oldest.
func (m *mfa) forgetOldest() {
	var oldest key
	var at uint64
	for k, times := range m.times {
		if last := times[len(times)-1]; at == 0 || last < at {
			oldest, at = k, last
		}
	}
	delete(m.times, oldest)
}

// count is how many failures there were in the span up to now.
func (m *mfa) count(k key, now, span uint64) (n uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, at := range m.times[k] {
		if at <= now && now-at < span {
			n++
		}
	}
	return n
}
