package scap

import (
	"github.com/lannersec/lanner/source/syscall"
)

// Older captures have two events for each call, with the parameters of the
// enter and of the exit side. Today there is one event, at the exit, with all of
// them. So the enter events are kept until their exit, and the exit events get
// their parameters; some forms have a newer number besides.

// action is what happens to an event of an older form.
type action uint8

const (
	rewrite   action = iota // its parameters become others
	store                   // it is kept for the exit, and not passed on
	pass                    // it stays as it is
	storePass               // both
)

// conversion is a row of the table: an older form, and what is made of it.
type conversion struct {
	num    uint16
	count  int // of parameters
	action action
	to     uint16   // new number; 0: it keeps its number and parameters, and gets more
	params []origin // the new parameters, or those that it gets
}

// origin is where a new parameter comes from: one of the constants, or made by
// old, entered and enteredOrZero.
type origin uint16

const (
	empty              origin = 0
	zero               origin = 1
	firstOld           origin = 0x100
	firstEntered       origin = 0x200
	firstEnteredOrZero origin = 0x300
	originIndex        origin = 0x00ff
	originKind         origin = 0xff00
)

// old is the event's own i-th parameter.
func old(i int) origin { return firstOld + origin(i) }

// entered is the i-th parameter of the enter event, empty where that was lost.
func entered(i int) origin { return firstEntered + origin(i) }

// enteredOrZero is the i-th parameter of the enter event, 0 where that was lost.
func enteredOrZero(i int) origin { return firstEnteredOrZero + origin(i) }

// olds are the event's own parameters from one to another.
func olds(from, to int) []origin {
	var list []origin
	for i := from; i <= to; i++ {
		list = append(list, old(i))
	}
	return list
}

func join(lists ...[]origin) []origin {
	var all []origin
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// byNumber finds the rows of an event number.
var byNumber = indexConversions()

func indexConversions() [][]conversion {
	var index [][]conversion
	for _, c := range conversions {
		for len(index) <= int(c.num) {
			index = append(index, nil)
		}
		index[c.num] = append(index[c.num], c)
	}
	return index
}

// conversionOf finds the row for a number and count; managed tells whether the
// number has rows at all.
func conversionOf(num uint16, count int) (row *conversion, managed bool) {
	if int(num) >= len(byNumber) || byNumber[num] == nil {
		return nil, false
	}
	for i := range byNumber[num] {
		if byNumber[num][i].count == count {
			return &byNumber[num][i], true
		}
	}
	return nil, true
}

// maxSteps bounds the conversions of one event; the longest chain has 18.
const maxSteps = 64

// maxEntered bounds how many threads' enter events are kept.
const maxEntered = 1 << 16

// converter makes events of today out of those of a capture.
type converter struct {
	entered map[int64]*enteredEvent
	params  [][]byte
}

// enteredEvent is the copy of a thread's last enter event.
type enteredEvent struct {
	num    uint16
	valid  bool
	raw    []byte
	params [][]byte
}

// convert brings an event to its current form. It is false for an event that
// is not passed on.
func (c *converter) convert(e *syscall.Event) bool {
	for range maxSteps {
		info := e.Info
		isOld := info.Flags&syscall.OldVersion != 0
		if info.Exit() && !isOld && e.NumParams() == len(info.Params) {
			c.forget(e.TID)
			return true
		}
		row, managed := conversionOf(info.Num, e.NumParams())
		if row == nil {
			return !isOld || info.Exit() && !managed
		}
		switch row.action {
		case store:
			c.keep(e)
			return false
		case storePass:
			c.keep(e)
			return true
		case pass:
			return true
		case rewrite:
			c.rewrite(e, row)
		}
	}
	return false
}

func (c *converter) rewrite(e *syscall.Event, row *conversion) {
	c.params = c.params[:0]
	info := e.Info
	if row.to == 0 {
		for i := range e.NumParams() {
			c.params = append(c.params, e.Param(i))
		}
	} else {
		info = syscall.Info(row.to)
	}
	in := c.enterOf(e)
	for _, from := range row.params {
		c.params = append(c.params, c.param(e, in, info, from))
	}
	e.Reset(info) // keeps time and thread id
	for _, p := range c.params {
		e.AddParam(p)
	}
}

// zeros is what a number that is not known reads as.
var zeros [8]byte

// param is a new parameter, the next of the encoding info.
func (c *converter) param(e *syscall.Event, in *enteredEvent, info *syscall.TypeInfo, from origin) []byte {
	i := int(from & originIndex)
	switch kind := from & originKind; {
	case from == empty:
		return nil
	case kind == firstOld:
		return e.Param(i)
	case kind != 0 && in != nil && i < len(in.params):
		return in.params[i]
	case kind == firstEntered, kind != 0 && in != nil:
		return nil
	}
	if next := len(c.params); next < len(info.Params) {
		return zeros[:syscall.Width(info.Params[next].Type)]
	}
	return nil
}

// enterOf is the enter event of the call whose exit event e is.
func (c *converter) enterOf(e *syscall.Event) *enteredEvent {
	in := c.entered[e.TID]
	if in == nil || !in.valid || in.num+1 != e.Info.Num {
		return nil
	}
	return in
}

// keep copies an enter event.
func (c *converter) keep(e *syscall.Event) {
	in := c.entered[e.TID]
	if in == nil {
		if c.entered == nil || len(c.entered) >= maxEntered {
			c.entered = map[int64]*enteredEvent{} // their exits count as lost
		}
		in = &enteredEvent{}
		c.entered[e.TID] = in
	}
	in.num, in.valid = e.Info.Num, true
	in.raw, in.params = in.raw[:0], in.params[:0]
	for i := range e.NumParams() {
		in.raw = append(in.raw, e.Param(i)...)
	}
	rest := in.raw
	for i := range e.NumParams() {
		n := len(e.Param(i))
		in.params = append(in.params, rest[:n:n])
		rest = rest[n:]
	}
}

// forget ends the life of a thread's enter event.
func (c *converter) forget(tid int64) {
	if in := c.entered[tid]; in != nil {
		in.valid = false
	}
}
