package conformance

import (
	"encoding/json"
	"slices"

	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/document"
)

// jsonFieldCase is a case of json-fields.jsonl: a field of a document.
type jsonFieldCase struct {
	Field      string
	Arg        *string
	Event      string          `json:"event_json"`
	Expect     json.RawMessage // absent: one of the next two
	Contain    *string         `json:"expect_values_contain"`
	NotContain *string         `json:"expect_values_not_contain"`
}

func runJSONField(_ *Corpus, c Case) error {
	var want jsonFieldCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	var got any
	var failed error
	for _, source := range catalog.Documents() {
		if _, ok := source.Fields().Lookup(want.Field); !ok {
			continue
		}
		e, err := document.NewEvent(source, want.Event)
		if err != nil {
			return err
		}
		got, failed = want.read(e)
		break
	}
	if failed != nil {
		return failed
	}
	return want.check(got)
}

// read reads the field. Rules cannot write an empty argument, the cases can.
func (c *jsonFieldCase) read(e *document.Event) (any, error) {
	if c.Arg == nil || *c.Arg != "" {
		return documentField(e, c.name())
	}
	def, _ := e.Source.Fields().Lookup(c.Field)
	get, err := def.Bind("")
	if err != nil {
		return nil, err
	}
	return flat(get(&e.Head)), nil
}

// name is the field with its argument.
func (c *jsonFieldCase) name() string {
	if c.Arg == nil {
		return c.Field
	}
	return c.Field + "[" + *c.Arg + "]"
}

func (c *jsonFieldCase) check(got any) error {
	list, _ := got.([]string)
	switch {
	case c.Contain != nil && !slices.Contains(list, *c.Contain):
		return &Mismatch{Input: c.name(), Expected: "among them " + *c.Contain, Got: got}
	case c.NotContain != nil && slices.Contains(list, *c.NotContain):
		return &Mismatch{Input: c.name(), Expected: "not among them " + *c.NotContain, Got: got}
	case c.Expect == nil:
		return nil
	}
	return compare(c.name(), c.Expect, got)
}
