package syscall

import (
	"math"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/predicate"
)

// Known tells what the kernel programs know of a field before they send an
// event, so that calls which no rule can match stay in the kernel. It is a
// predicate.Vocabulary. Of a field that is not in the table nothing is known.
func Known(field string) *predicate.Subject { return kernelFacts[field] }

// kernelFacts is what follows for fields from what the programs find out
// (bpf/c/filter.h). A row must hold for every event that a live record of the
// types becomes; where a record may lack something, the field can be anything.
var kernelFacts = map[string]*predicate.Subject{
	"evt.failed": {Types: typesWithResult, Feature: abi.FeatResult, Values: byResult(yes, no)},
	"evt.res":    {Types: typesWithResult, Feature: abi.FeatResult, Values: byResult(predicate.Anything(), predicate.Exactly(event.Text("SUCCESS")))},
	"evt.rawres": {Types: typesWithResult, Feature: abi.FeatResult, Values: []predicate.Possible{
		abi.ResultFailed: predicate.Between(math.MinInt64, -1),
		abi.Result0:      predicate.Exactly(event.Int(0)),
		abi.Result1:      predicate.Exactly(event.Int(1)),
		abi.Result2:      predicate.Exactly(event.Int(2)),
		abi.ResultMore:   predicate.Between(3, math.MaxInt64),
	}},
	// A descriptor that another thread closed at once has no number.
	"fd.num": {Types: typesThatOpen, Feature: abi.FeatResult, Values: byResult(predicate.Exactly(event.Int(-1)), predicate.Anything())},

	"evt.is_open_read": {Types: typesThatOpen, Feature: abi.FeatAccess, Values: []predicate.Possible{
		abi.AccessRead: yes, abi.AccessWrite: no, abi.AccessBoth: yes, abi.AccessNone: no,
	}},
	"evt.is_open_write": {Types: typesThatOpen, Feature: abi.FeatAccess, Values: []predicate.Possible{
		abi.AccessRead: no, abi.AccessWrite: yes, abi.AccessBoth: yes, abi.AccessNone: no,
	}},
	"evt.is_open_exec": {Types: typesThatOpen, Feature: abi.FeatCreates, Values: []predicate.Possible{no, yesOrNo}},

	"fd.typechar": {Types: typesWithObject, Feature: abi.FeatObject, Values: []predicate.Possible{
		abi.ObjectIsFile: predicate.Anything(),
		abi.ObjectIsDir:  words("d", "o"),
		abi.ObjectIsFifo: words("p", "d", "o"),
		abi.ObjectIsIPv4: words("4", "o"),
		abi.ObjectIsIPv6: words("6", "4", "o"),
		abi.ObjectIsUnix: words("u", "o"),
	}},
	"fd.type": {Types: typesWithObject, Feature: abi.FeatObject, Values: []predicate.Possible{
		abi.ObjectIsFile: predicate.Anything(),
		abi.ObjectIsDir:  words("directory"),
		abi.ObjectIsFifo: words("pipe", "directory"),
		abi.ObjectIsIPv4: words("ipv4"),
		abi.ObjectIsIPv6: words("ipv6", "ipv4"),
		abi.ObjectIsUnix: words("unix"),
	}},

	"fd.name":      {Types: typesWithObject, Text: abi.TextPath, Form: predicate.Whole},
	"fd.directory": {Types: typesWithObject, Text: abi.TextPath, Form: predicate.Directory},
	"fd.filename":  {Types: typesWithObject, Text: abi.TextPath, Form: predicate.Base},
	"fs.path.name": {Types: typesThatOpen, Text: abi.TextPath, Form: predicate.Whole},
	"fd.nameraw":   {Types: typesThatOpen, Text: abi.TextRaw, Form: predicate.Raw},
}

var (
	yes     = predicate.Exactly(event.Bool(true))
	no      = predicate.Exactly(event.Bool(false))
	yesOrNo = predicate.Exactly(event.Bool(true), event.Bool(false))
)

// words are the texts that a field can have, or none.
func words(list ...string) predicate.Possible {
	values := make([]event.Value, len(list))
	for i, w := range list {
		values[i] = event.Text(w)
	}
	return predicate.Maybe(values...)
}

// byResult is what a field can be after a call that failed, and after one that
// did not.
func byResult(failed, ok predicate.Possible) []predicate.Possible {
	return []predicate.Possible{abi.ResultFailed: failed, abi.Result0: ok, abi.Result1: ok, abi.Result2: ok, abi.ResultMore: ok}
}

// The types for which rows hold, from the table of calls: all rows of a type
// must be alike.
var (
	// the result of the call is the event's
	typesWithResult = typesWhere(func(c *abi.Call) bool {
		return len(c.Params) > 0 && c.Params[0].Op == abi.OpRet && schema[c.Event].hasResult()
	})
	// the event's descriptor is the call's object
	typesWithObject = typesWhere(func(c *abi.Call) bool {
		return (c.Object.Kind == abi.ObjectRet || c.Object.Kind == abi.ObjectArg) &&
			schema[c.Event].Flags&(CreatesFd|UsesFd|DestroysFd) != 0
	})
	// the call opens the file of a path
	typesThatOpen = typesWhere(func(c *abi.Call) bool {
		return c.Object.Kind == abi.ObjectRet && len(c.Fetch) > 0 && c.Fetch[0].Kind == abi.FetchPath
	})
)

func typesWhere(holds func(*abi.Call) bool) event.TypeSet {
	with, without := event.NewTypeSet(types.Len()), event.NewTypeSet(types.Len())
	for i := range abi.Calls {
		c := &abi.Calls[i]
		if c.Event == EvSyscallX {
			continue // no parameters, no object
		}
		set := without
		if holds(c) && !c.Lineage && !c.Failures {
			set = with
		}
		set.Add(schema[c.Event].ID)
	}
	with.Remove(without)
	return with
}
