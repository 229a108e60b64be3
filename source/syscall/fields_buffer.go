package syscall

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

var bufferFields = []field.Definition{
	{Name: "evt.buffer", Type: field.Bytebuf, Desc: "The first bytes that the call read or wrote.", Get: buffer},
	{Name: "evt.buflen", Type: field.Uint64, Desc: "How many bytes the call read or wrote.", Get: bufferLen(ReadsFromFd|WritesToFd, "")},
	{Name: "evt.buflen.in", Type: field.Uint64, Flags: field.TableOnly, Desc: "How many bytes the call read.", Get: bufferLen(ReadsFromFd, "")},
	{Name: "evt.buflen.out", Type: field.Uint64, Flags: field.TableOnly, Desc: "How many bytes the call wrote.", Get: bufferLen(WritesToFd, "")},
	{Name: "evt.buflen.file", Type: field.Uint64, Flags: field.TableOnly, Desc: "How many bytes of a file the call read or wrote.", Get: bufferLen(ReadsFromFd|WritesToFd, "file")},
	{Name: "evt.buflen.file.in", Type: field.Uint64, Flags: field.TableOnly, Desc: "How many bytes of a file the call read.", Get: bufferLen(ReadsFromFd, "file")},
	{Name: "evt.buflen.file.out", Type: field.Uint64, Flags: field.TableOnly, Desc: "How many bytes of a file the call wrote.", Get: bufferLen(WritesToFd, "file")},
	{Name: "evt.buflen.net", Type: field.Uint64, Flags: field.TableOnly, Desc: "How many bytes of a socket the call read or wrote.", Get: bufferLen(ReadsFromFd|WritesToFd, "net")},
	{Name: "evt.buflen.net.in", Type: field.Uint64, Flags: field.TableOnly, Desc: "How many bytes of a socket the call read.", Get: bufferLen(ReadsFromFd, "net")},
	{Name: "evt.buflen.net.out", Type: field.Uint64, Flags: field.TableOnly, Desc: "How many bytes of a socket the call wrote.", Get: bufferLen(WritesToFd, "net")},
	{Name: "evt.is_syslog", Type: field.Bool, Desc: "Whether the call writes to the system log.", Get: isSyslog},
}

// dataParam has 1 + the index of the parameter with the data of each encoding.
var dataParam = paramIndexes("data")

func buffer(ev *event.Event) event.Value {
	e := of(ev)
	i := int(dataParam[e.Info.Num]) - 1
	if e.Info.Flags&(ReadsFromFd|WritesToFd) == 0 || !e.HasParam(i) {
		return event.Value{}
	}
	return event.Bytes(e.RawText(i))
}

// bufferLen makes a getter of what calls with one of the flags returned, on
// descriptors of one class if a name is given.
func bufferLen(flags TypeFlags, class string) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		n, ok := e.returned()
		if !ok || n < 0 || e.Info.Flags&flags == 0 || class != "" && ioCategory(e) != class {
			return event.Value{}
		}
		return event.Uint(uint64(n))
	}
}

func isSyslog(ev *event.Event) event.Value {
	e := of(ev)
	fd := e.known()
	return event.Bool(e.Info.Flags&WritesToFd != 0 && fd != nil && strings.Contains(fd.Name, "/dev/log"))
}
