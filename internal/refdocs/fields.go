package refdocs

import (
	"fmt"
	"io"
	"strings"

	"github.com/lannersec/lanner/engine/field"
)

// WriteFields writes the reference of a source's fields, a table for each
// class: the part of a name before its first dot.
func WriteFields(w io.Writer, src field.Source) error {
	p := &printer{w: w}
	p.printf("# Fields of the source %s\n\n%s", src.Name(), generated)
	p.howToRead()
	for _, class := range classes(src.Fields()) {
		p.printf("\n## %s\n", class.name)
		p.fields(class.fields)
	}
	return p.err
}

// howToRead is what holds for all fields.
func (p *printer) howToRead() {
	p.printf("An argument stands in brackets, `proc.aname[2]`, or after a dot, `evt.arg.flags`. A field without a value in an\n" +
		"event makes every comparison false, and `exists` too. Fields with a remark are accepted in rules so that rule files\n" +
		"load unchanged.\n")
}

// fields writes a table of fields.
func (p *printer) fields(list []*field.Definition) {
	p.printf("\n| field | type | argument | description |\n| --- | --- | --- | --- |\n")
	for _, def := range list {
		p.printf("| `%s` | %s | %s | %s |\n", def.Name, typeText(def), argText(def.Arg), cell(description(def)))
	}
}

type class struct {
	name   string
	fields []*field.Definition
}

// classes groups the fields by class, in the order of the tables.
func classes(fields *field.Registry) []class {
	var all []class
	at := map[string]int{}
	for _, name := range fields.Names() {
		def, _ := fields.Lookup(name)
		prefix, _, _ := strings.Cut(name, ".")
		i, ok := at[prefix]
		if !ok {
			i = len(all)
			at[prefix] = i
			all = append(all, class{name: prefix})
		}
		all[i].fields = append(all[i].fields, def)
	}
	return all
}

func typeText(def *field.Definition) string {
	name := typeWord(def.Type)
	if def.List {
		return "list of " + name
	}
	return name
}

func argText(mode field.ArgMode) string {
	if mode == field.ArgNone {
		return ""
	}
	kind := "name"
	switch {
	case mode&field.ArgIndex != 0 && mode&field.ArgKey != 0:
		kind = "number or name"
	case mode&field.ArgIndex != 0:
		kind = "number"
	}
	if mode&field.ArgOptional != 0 {
		return kind + ", optional"
	}
	return kind
}

// flagRemarks are what a reader must know of a field's flags.
var flagRemarks = []struct {
	flag field.Flags
	text string
}{
	{field.FilterOnly, "Only in conditions."},
	{field.PrintOnly, "Only in outputs."},
	{field.Deprecated, "Deprecated."},
	{field.TableOnly, "Known by name only."},
	{field.Forgeable, "The watched process, or its parent, can choose it."},
}

func description(def *field.Definition) string {
	parts := []string{def.Desc}
	for _, remark := range flagRemarks {
		if def.Flags&remark.flag != 0 {
			parts = append(parts, remark.text)
		}
	}
	if def.Missing != "" {
		parts = append(parts, "**Has no value:** "+def.Missing+".")
	}
	return strings.Join(parts, " ")
}

// cell makes text fit for a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }

// printer remembers the first error of writing.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}
