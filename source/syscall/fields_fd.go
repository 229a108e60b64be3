package syscall

import (
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

var fdFields = []field.Definition{
	{Name: "fd.num", Type: field.Int64, Desc: "Number of the descriptor that the call is about.", Get: fdNum},
	{Name: "fd.type", Type: field.Charbuf, Desc: "Type of the descriptor: file, directory, ipv4, ipv6, unix, pipe, event, …",
		Get: descriptor(func(fd *process.FD) event.Value { return event.Text(fd.Type.String()) })},
	{Name: "fd.typechar", Type: field.Charbuf, Desc: "Type of the descriptor as a letter: f, d, 4, 6, u, p, e, …; o where it is not known.", Get: fdTypeChar},
	{Name: "fd.name", Type: field.Charbuf, Desc: "Full path of a file; both ends of a socket; what a failed call asked for.", Get: fdName},
	{Name: "fd.nameraw", Type: field.Charbuf, Desc: "Path as the program gave it.", Get: fdNameRaw},
	{Name: "fd.directory", Type: field.Charbuf, Desc: "Directory that the file is in.", Get: fdDirectory},
	{Name: "fd.filename", Type: field.Charbuf, Desc: "Last component of the file's path.", Get: fdFilename},
	{Name: "fd.containername", Type: field.Charbuf, Desc: "Container id and fd.name with a colon between.", Get: inContainer(fdName)},
	{Name: "fd.containerdirectory", Type: field.Charbuf, Desc: "Container id and fd.directory with a colon between.", Get: inContainer(fdDirectory)},
	{Name: "fd.uid", Type: field.Charbuf, Desc: "Thread id and descriptor number in one text.", Get: fdUID},
	{Name: "fd.dev", Type: field.Int32, Desc: "Device number of the file, in hexadecimal.",
		Get: descriptor(func(fd *process.FD) event.Value { return event.Int(int64(int32(fd.Dev))).InHex() })},
	{Name: "fd.dev.major", Type: field.Int32, Desc: "Major device number of the file.",
		Get: descriptor(func(fd *process.FD) event.Value { return event.Int(int64(fd.Dev >> 8 & 0xfff)) })},
	{Name: "fd.dev.minor", Type: field.Int32, Desc: "Minor device number of the file.",
		Get: descriptor(func(fd *process.FD) event.Value { return event.Int(int64(fd.Dev&0xff | fd.Dev>>12&0xfff00)) })},
	{Name: "fd.ino", Type: field.Int64, Desc: "Inode number of the file.",
		Get: descriptor(func(fd *process.FD) event.Value { return event.Int(int64(fd.Ino)) })},
	{Name: "fd.name_changed", Type: field.Bool, Desc: "Whether this event changed the name of the descriptor, as a datagram to another peer does.", Get: fdState(process.FDNameChanged)},
	{Name: "fd.is_upper_layer", Type: field.Bool, Desc: "Whether the file is in the upper layer of an overlay file system.", Get: fdState(process.FDUpperLayer)},
	{Name: "fd.is_lower_layer", Type: field.Bool, Desc: "Whether the file is in a lower layer of an overlay file system.", Get: fdState(process.FDLowerLayer)},
	{Name: "fd.types", Type: field.Charbuf, List: true, Arg: field.ArgOptional | field.ArgIndex, Flags: field.NoRHS,
		Desc: "Types of the descriptors that the process has open, or of the one that the argument names, in captures.", Get: openTypes, Bind: bindOpenType},
}

// aboutFD tells whether the event is about a descriptor at all.
func (e *Event) aboutFD() bool {
	return e.Info.Flags&(CreatesFd|UsesFd|DestroysFd) != 0 && e.Thread != nil
}

// known is the event's descriptor, nil where there is none or nothing is known
// of it but what was asked for.
func (e *Event) known() *process.FD {
	if e.FD == nil || e.FD.State&process.FDAsked != 0 || !e.aboutFD() {
		return nil
	}
	return e.FD
}

// descriptor makes a getter of what is known of the descriptor.
func descriptor(get func(*process.FD) event.Value) field.Getter {
	return func(ev *event.Event) event.Value {
		if fd := of(ev).known(); fd != nil {
			return get(fd)
		}
		return event.Value{}
	}
}

func fdState(flag process.FDState) field.Getter {
	return descriptor(func(fd *process.FD) event.Value { return event.Bool(fd.State&flag != 0) })
}

func fdNum(ev *event.Event) event.Value {
	e := of(ev)
	if !e.aboutFD() {
		return event.Value{}
	}
	return event.Int(e.fdNum())
}

func (e *Event) fdNum() int64 {
	if e.FD != nil {
		return e.FD.Num
	}
	return e.Thread.LastFD
}

func fdTypeChar(ev *event.Event) event.Value {
	e := of(ev)
	if fd := e.known(); fd != nil {
		return event.Text(fd.Type.Letter())
	}
	if !e.aboutFD() {
		return event.Value{}
	}
	return event.Text(process.FDUnknown.Letter())
}

func fdName(ev *event.Event) event.Value {
	e := of(ev)
	if !e.aboutFD() {
		return event.Value{}
	}
	return event.Text(e.fdName())
}

// fdName is the name of the event's descriptor, "" where it has none. A
// socket's is made from its ends where nobody made it yet.
func (e *Event) fdName() string {
	switch {
	case e.FD == nil:
		return e.askedName()
	case e.FD.Name != "" || !e.FD.Type.IsSocket():
		return e.FD.Name
	}
	s := &e.Head.Scratch
	return s.Text(appendFDName(s.Buffer(argRoom), e.FD))
}

// askedName is the tuple that a call wanted on a descriptor of which nothing
// is known.
func (e *Event) askedName() string {
	if e.Info.Num != EvConnectX && e.Info.Num != EvAcceptX && e.Info.Num != EvAccept4X {
		return ""
	}
	if !e.HasParam(1) {
		return ""
	}
	s := &e.Head.Scratch
	return s.Text(e.AppendArg(s.Buffer(argRoom), 1))
}

func fdNameRaw(ev *event.Event) event.Value {
	e := of(ev)
	if !e.aboutFD() {
		return event.Value{}
	}
	if e.FD == nil {
		return event.Text("")
	}
	return event.Text(e.FD.NameRaw)
}

// filePath is the path that fd.directory and fd.filename split. It is false for
// events that are about no file.
func (e *Event) filePath() (path string, dir, ok bool) {
	if !e.aboutFD() {
		return "", false, false
	}
	if e.FD == nil {
		return e.askedName(), false, true
	}
	switch e.FD.Type {
	case process.FDFile, process.FDFileV2:
		return e.FD.Name, false, true
	case process.FDDirectory:
		return e.FD.Name, true, true
	}
	return "", false, false
}

func fdDirectory(ev *event.Event) event.Value {
	path, dir, ok := of(ev).filePath()
	switch end := strings.LastIndexByte(path, '/'); {
	case !ok:
		return event.Value{}
	case dir || end == len(path)-1 && end > 0:
		return event.Text(path)
	case end <= 0:
		return event.Text("/")
	default:
		return event.Text(path[:end])
	}
}

func fdFilename(ev *event.Event) event.Value {
	e := of(ev)
	path, dir, ok := e.filePath()
	end := strings.LastIndexByte(path, '/')
	switch {
	case !ok || dir || e.known() == nil:
		return event.Value{}
	case end < 0:
		return event.Text("/")
	case end == len(path)-1:
		return event.Text(path)
	}
	return event.Text(path[end+1:])
}

// inContainer makes a getter that puts the container's id before another's text.
func inContainer(get field.Getter) field.Getter {
	return func(ev *event.Event) event.Value {
		v := get(ev)
		if !v.Exists() {
			return v
		}
		b := ev.Scratch.Buffer(len(v.Str()) + 16)
		b = append(b, of(ev).containerID()...)
		b = append(b, ':')
		return event.Text(ev.Scratch.Text(append(b, v.Str()...)))
	}
}

func fdUID(ev *event.Event) event.Value {
	e := of(ev)
	if !e.aboutFD() {
		return event.Value{}
	}
	b := strconv.AppendInt(ev.Scratch.Buffer(40), e.Thread.TID, 10)
	return event.Text(ev.Scratch.Text(strconv.AppendInt(b, e.fdNum(), 10)))
}

// openTypes lists the types of the open descriptors, each once, that of the
// highest descriptor first.
func openTypes(ev *event.Event) event.Value {
	e := of(ev)
	if e.Thread == nil {
		return event.Value{}
	}
	list := ev.Scratch.List(process.FDTypes)
	first := len(list)
	e.Thread.FDs.Each(func(fd *process.FD) bool {
		name := fd.Type.String()
		for _, v := range list[first:] {
			if v.Str() == name {
				return true
			}
		}
		first--
		list[first] = event.Text(name)
		return first > 0
	})
	return event.ListOf(list[first:])
}

func bindOpenType(arg string) (field.Getter, error) {
	n, err := index(arg)
	if err != nil {
		return nil, err
	}
	return func(ev *event.Event) event.Value {
		fd := of(ev).Descriptor(int64(n))
		if fd == nil {
			return event.Value{}
		}
		list := ev.Scratch.List(1)
		list[0] = event.Text(fd.Type.String())
		return event.ListOf(list)
	}, nil
}
