package refdocs

import (
	"io"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/jsonlog"
)

// WriteLogFields writes the reference of the sources over logs: what all have,
// then a section for each with its own.
func WriteLogFields(w io.Writer) error {
	p := &printer{w: w}
	p.printf("# Fields of the sources over logs\n\n%s", generated)
	p.howToRead()
	p.printf("\nA rule is of one source: `source: k8s_audit`. The JSON document is the event itself, one item where a document has a list.\n")
	common := jsonlog.Source().Fields()
	p.printf("\n## All of them, and %s\n", jsonlog.SourceName)
	p.fields(ownFields(common, nil))
	for _, source := range catalog.All()[1:] {
		if own := ownFields(source.Fields(), common); len(own) > 0 {
			p.printf("\n## %s\n", source.Name())
			p.fields(own)
		}
	}
	return p.err
}

// ownFields are the fields that others, if any, does not have.
func ownFields(fields, others *field.Registry) []*field.Definition {
	var own []*field.Definition
	for _, name := range fields.Names() {
		def, _ := fields.Lookup(name)
		if others != nil {
			if _, shared := others.Lookup(name); shared {
				continue
			}
		}
		own = append(own, def)
	}
	return own
}
