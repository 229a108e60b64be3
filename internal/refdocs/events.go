package refdocs

import (
	"io"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/syscall"
)

// WriteEvents writes the reference of event names and their parameters.
func WriteEvents(w io.Writer) error {
	p := &printer{w: w}
	p.printf("# Events of the source %s\n\n%s", syscall.SourceName, generated)
	p.printf("A rule names an event in `evt.type` and a parameter in `evt.arg`. Parameters are those of the event as it is written\n" +
		"today; old captures may lack some.\n")
	var generic []string
	sections := map[syscall.Kind][]string{}
	for id := range syscall.Types().Len() {
		name, kind := syscall.Types().Name(event.TypeID(id)), syscall.TypeKind(event.TypeID(id))
		if kind == syscall.KindGeneric {
			generic = append(generic, name)
			continue
		}
		sections[kind] = append(sections[kind], name)
	}
	for _, s := range []struct {
		kind  syscall.Kind
		title string
	}{
		{syscall.KindSyscall, "System calls"},
		{syscall.KindTracepoint, "Kernel events that are no call"},
		{syscall.KindMetaevent, "Events about the stream and its surroundings"},
	} {
		p.printf("\n## %s\n\n| event | parameters |\n| --- | --- |\n", s.title)
		slices.Sort(sections[s.kind])
		for _, name := range sections[s.kind] {
			p.printf("| `%s` | %s |\n", name, cell(paramsText(name)))
		}
	}
	slices.Sort(generic)
	p.printf("\n## System calls without parameters\n\nThese have only a name:\n%s.\n", wrap(generic))
	return p.err
}

// paramsText lists an event's parameters with their types.
func paramsText(name string) string {
	info := syscall.Current(name)
	if info == nil || len(info.Params) == 0 {
		return "none"
	}
	parts := make([]string, len(info.Params))
	for i, param := range info.Params {
		parts[i] = "`" + param.Name + "` " + typeWord(param.Type)
	}
	return strings.Join(parts, ", ")
}

// wrap joins names with commas, in lines of moderate length.
func wrap(names []string) string {
	var b strings.Builder
	line := 0
	for i, name := range names {
		if line += len(name) + 2; line > 110 {
			b.WriteByte('\n')
			line = len(name) + 2
		} else if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(name)
		if i < len(names)-1 {
			b.WriteByte(',')
		}
	}
	return b.String()
}
