package syscall

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

var fdListFields = []field.Definition{
	{Name: "fdlist.nums", Type: field.Charbuf, Desc: "Numbers of the descriptors of a poll, with commas between.", Get: pollNums},
	{Name: "fdlist.names", Type: field.Charbuf, Desc: "Names of the descriptors of a poll, with commas between.", Get: polled(appendFDName)},
	{Name: "fdlist.cips", Type: field.Charbuf, Desc: "Client addresses of the sockets of a poll, with commas between.",
		Get: polled(inet(func(b []byte, fd *process.FD) []byte { return appendIP(b, fd.SrcIP) }))},
	{Name: "fdlist.sips", Type: field.Charbuf, Desc: "Server addresses of the sockets of a poll, with commas between.",
		Get: polled(inet(func(b []byte, fd *process.FD) []byte { return appendIP(b, fd.DstIP) }))},
	{Name: "fdlist.cports", Type: field.Charbuf, Desc: "Client ports of the sockets of a poll, with commas between.",
		Get: polled(inet(func(b []byte, fd *process.FD) []byte { return strconv.AppendUint(b, uint64(fd.SrcPort), 10) }))},
	{Name: "fdlist.sports", Type: field.Charbuf, Desc: "Server ports of the sockets of a poll, with commas between.",
		Get: polled(inet(func(b []byte, fd *process.FD) []byte { return strconv.AppendUint(b, uint64(fd.DstPort), 10) }))},
}

// pollParam has 1 + the index of the parameter with the descriptors of a poll.
var pollParam = paramIndexes("fds")

// pollList is the encoded list of descriptors of a poll; false for other events.
func (e *Event) pollList() ([]byte, bool) {
	i := int(pollParam[e.Info.Num]) - 1
	return e.Param(i), e.HasParam(i)
}

func pollNums(ev *event.Event) event.Value {
	data, ok := of(ev).pollList()
	if !ok {
		return event.Value{}
	}
	b := ev.Scratch.Buffer(argRoom)
	for fd := range fdList(data) {
		if len(b) > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, fd, 10)
	}
	return event.Text(ev.Scratch.Text(b))
}

// polled makes a getter of a text of each known descriptor of a poll.
func polled(appendText func([]byte, *process.FD) []byte) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		data, ok := e.pollList()
		if !ok {
			return event.Value{}
		}
		b := ev.Scratch.Buffer(argRoom)
		for n := range fdList(data) {
			fd := e.Descriptor(n)
			if fd == nil {
				continue
			}
			start := len(b)
			if start > 0 {
				b = append(b, ',')
			}
			comma := len(b)
			if b = appendText(b, fd); len(b) == comma {
				b = b[:start]
			}
		}
		return event.Text(ev.Scratch.Text(b))
	}
}

// inet restricts a text to network sockets.
func inet(appendText func([]byte, *process.FD) []byte) func([]byte, *process.FD) []byte {
	return func(b []byte, fd *process.FD) []byte {
		if !fd.Type.IsInet() {
			return b
		}
		return appendText(b, fd)
	}
}
