package conformance

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/syscall"
)

// mockFields are the fields of the reference's tests; HELPERS.md of the corpus
// names their values.
var mockFields = []field.Definition{
	constantField("test.int64", field.Int64, event.Int(1)),
	constantField("test.charbuf", field.Charbuf, event.Text("charbuf")),
	constantField("test.bytebuf", field.Bytebuf, event.Bytes("bytebuf")),
	listField("test.list", field.NoTransformer),
	listField("test.another_list", 0),
	constantField("test.more_than_256", field.Charbuf, event.Text(longText)),
	constantField("test.base64", field.Charbuf, event.Text("Y2hhcmJ1Zg==")),
	constantField("c.true", field.Charbuf, event.Text("1")),
	constantField("c.false", field.Charbuf, event.Text("0")),
	constantField("c.doublequote", field.Charbuf, event.Text(`hello "quoted"`)),
	constantField("c.singlequote", field.Charbuf, event.Text(`hello 'quoted'`)),
	constantField("c.buffer", field.Bytebuf, event.Bytes("buffer")),
}

// longText is longer than a constant may be.
var longText = strings.Repeat("a", 257)

func constantField(name string, t field.Type, v event.Value) field.Definition {
	return field.Definition{Name: name, Type: t, Get: func(*event.Event) event.Value { return v }}
}

func listField(name string, flags field.Flags) field.Definition {
	def := constantField(name, field.Charbuf, event.ListOf([]event.Value{event.Text("value1"), event.Text("charbuf")}))
	def.List, def.Flags = true, flags
	return def
}

// mockSource is the syscall source with the mock fields.
type mockSource struct {
	field.Source
	fields *field.Registry
}

func (m mockSource) Fields() *field.Registry { return m.fields }

func newMockSource() field.Source {
	base := syscall.Source()
	var table []field.Definition
	for _, name := range base.Fields().Names() {
		def, _ := base.Fields().Lookup(name)
		table = append(table, *def)
	}
	return mockSource{base, field.NewRegistry(table, mockFields)}
}
