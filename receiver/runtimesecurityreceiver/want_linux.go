package runtimesecurityreceiver

import (
	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/source/syscall"
)

// Want implements follower. It is called from one goroutine.
func (s *liveStream) Want(sets ...*rules.Set) error {
	types := event.NewTypeSet(syscall.Source().Types().Len())
	for _, set := range sets {
		if wanted := set.Types(syscall.SourceName); wanted != nil {
			types.Union(wanted)
		}
	}
	return s.capture.SetTypes(types)
}

// Follow implements follower.
func (s *liveStream) Follow(eng *engine.Engine) { s.names.follow(eng) }
