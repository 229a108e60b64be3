package runtimesecurityreceiver

import (
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/predicate"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/source/syscall"
)

// Want implements follower. It is called from one goroutine. Without filters
// there is more to do, but nothing is missed: a failure to set them is told, no
// error.
func (s *liveStream) Want(sets ...*rules.Set) error {
	types := event.NewTypeSet(syscall.Source().Types().Len())
	for _, set := range sets {
		if wanted := set.Types(syscall.SourceName); wanted != nil {
			types.Union(wanted)
		}
	}
	s.filter(sets)
	return s.capture.SetTypes(types)
}

// filter leaves out in the kernel what no rule of the sets can match.
func (s *liveStream) filter(sets []*rules.Set) {
	if on, _ := s.capture.Filtering(); !on {
		return
	}
	tables := predicate.Tables(predicate.OfSets(syscall.SourceName, syscall.Known, sets...))
	if err := s.capture.SetFilters(tables); err != nil {
		s.log.Warn("Events that no rule can match come too: the filters do not load", zap.Error(err))
	}
}

// Follow implements follower.
func (s *liveStream) Follow(eng *engine.Engine) { s.names.follow(eng) }
