package syscall

import "github.com/lannersec/lanner/identity/process"

// pendingEnter is a thread's copy of the last enter event, kept for the call's
// exit event. Enter events are in captures only.
type pendingEnter struct {
	event Event
	raw   []byte
	valid bool
}

// keepsEnter tells for which enter events the exit event wants the parameters:
// what was asked for cannot be changed any more by the program's other threads.
func keepsEnter(e *Event) bool {
	switch e.Info.Num {
	case EvOpenE, EvCreatE, EvOpenatE, EvOpenat2E, EvExecve292E:
		return e.HasParam(0) // without parameters nothing is known
	case EvExecveat330E, EvConnectE:
		return true
	}
	return false
}

// rememberEnter copies the parameters of an enter event to its thread.
func (s *State) rememberEnter(e *Event) {
	p, _ := e.Thread.Private.(*pendingEnter)
	if !keepsEnter(e) {
		if p != nil {
			p.valid = false
		}
		return
	}
	if p == nil {
		p = &pendingEnter{}
		e.Thread.Private = p
	}
	p.copy(e)
}

func (p *pendingEnter) copy(e *Event) {
	p.raw = p.raw[:0]
	for i := range e.nparams {
		p.raw = append(p.raw, e.params[i]...)
	}
	p.event.Reset(e.Info)
	rest := p.raw
	for i := range e.nparams {
		n := len(e.params[i])
		p.event.AddParam(rest[:n:n])
		rest = rest[n:]
	}
	p.valid = true
}

// enterOf is the enter event of the call whose exit event e is; nil where it
// was lost. A successful execveat ends as an execve.
func enterOf(e *Event) *Event {
	p, _ := e.Thread.Private.(*pendingEnter)
	if p == nil || !p.valid {
		return nil
	}
	in := p.event.Info.Num
	if in+1 == e.Info.Num || in == EvExecveat330E && e.Info.Num == EvExecveX {
		return &p.event
	}
	return nil
}

// forgetEnter ends the life of a thread's enter event.
func forgetEnter(th *process.Thread) {
	if p, _ := th.Private.(*pendingEnter); p != nil {
		p.valid = false
	}
}
