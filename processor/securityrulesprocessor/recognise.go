package securityrulesprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/logrecord"
)

// Attributes that say what a record holds.
const (
	// keySource names the source of the record's events: the receiver k8s_audit
	// says so on the scope.
	keySource = "lanner.event.source"
	// keyGitHub is the header with the type of a GitHub message, as the webhook
	// receiver keeps it.
	keyGitHub = "header.X-GitHub-Event"
)

// sources are the event sources of one processor. What they remember of events
// they share between goroutines.
type sources struct {
	documents []document.Source // by shape, in the order in which they are asked
	log       document.Source
}

func newSources() sources {
	return sources{documents: catalog.Documents(), log: logrecord.Source()}
}

// all are the sources that rules may be for.
func (s sources) all() []field.Source {
	var list []field.Source
	for _, source := range s.documents {
		list = append(list, source)
	}
	return append(list, s.log)
}

func sourceNames() []string {
	var names []string
	for _, source := range newSources().all() {
		names = append(names, source.Name())
	}
	return names
}

// place is where a record stands: it, its scope and its resource tell, in this
// order, what attribute it has.
type place struct{ record, scope, resource pcommon.Map }

func (p place) get(key string) (pcommon.Value, bool) {
	for _, attrs := range []pcommon.Map{p.record, p.scope, p.resource} {
		if v, ok := attrs.Get(key); ok {
			return v, true
		}
	}
	return pcommon.Value{}, false
}

// text is an attribute that is text, or "".
func (p place) text(key string) string {
	if v, ok := p.get(key); ok && v.Type() == pcommon.ValueTypeStr {
		return v.Str()
	}
	return ""
}

// has tells whether the place has all attributes.
func (p place) has(attributes map[string]string) bool {
	for key, want := range attributes {
		if v, ok := p.get(key); !ok || v.AsString() != want {
			return false
		}
	}
	return true
}

// recogniser finds the reader for a record's body. It belongs to one goroutine
// and to one set of rules: sources without rules are left out, so that a record
// which could be of two is one of the source that has rules.
type recogniser struct {
	named   []namedReader               // by attributes of the configuration
	bySaid  map[string]*document.Reader // by the attribute that names a source
	byShape *document.Reader            // nil: no document source has rules
	log     *document.Reader            // of records as such; nil: there are no rules for them
}

type namedReader struct {
	attributes map[string]string
	reader     *document.Reader
}

func newRecogniser(cfg []SourceConfig, s sources, set *rules.Set) *recogniser {
	r := &recogniser{bySaid: map[string]*document.Reader{}}
	var active []document.Source
	for _, source := range s.documents {
		if set.Ruleset(source.Name()) == nil {
			continue
		}
		active = append(active, source)
		r.bySaid[source.Name()] = document.NewReader(source)
	}
	if len(active) > 0 {
		r.byShape = document.NewReader(active...)
	}
	if set.Ruleset(s.log.Name()) != nil {
		r.log = document.NewReader(s.log)
	}
	for _, c := range cfg {
		r.named = append(r.named, namedReader{c.Attributes, r.bySaid[c.Name]})
	}
	return r
}

// reader is the one for a record's body; nil: the body holds no events that
// there are rules for. Said is true where something besides the body's shape
// tells that it holds some.
func (r *recogniser) reader(at place) (reader *document.Reader, said bool) {
	for i := range r.named {
		if at.has(r.named[i].attributes) {
			return r.named[i].reader, true
		}
	}
	if name := at.text(keySource); name != "" {
		return r.bySaid[name], true
	}
	return r.byShape, false
}
