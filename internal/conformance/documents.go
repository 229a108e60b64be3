package conformance

import (
	"fmt"
	"path"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsonlog"
)

// isDocuments tells of the traces that are JSON documents.
func isDocuments(trace string) bool { return path.Ext(trace) == ".json" || path.Ext(trace) == ".jsonl" }

// readDocuments gives every event of a trace to each. What cannot be read is
// left out, as the reference does.
func readDocuments(corpus *Corpus, trace string, each func(*document.Event)) error {
	if !corpus.Has(trace) {
		trace = "../" + trace // samples stand beside the corpus
	}
	text, err := corpus.ReadFile(trace)
	if err != nil {
		return err
	}
	// What is refused is not compared: the events that are left tell.
	_, _ = document.NewReader(auditSources()...).Read(string(text), document.Origin{}, each)
	return nil
}

// auditSources are the sources of audit events: a trace is of one of them.
func auditSources() []document.Source {
	var sources []document.Source
	for _, s := range catalog.Documents() {
		if s.Name() != jsonlog.SourceName {
			sources = append(sources, s)
		}
	}
	return sources
}

// countDocuments counts the detections in a trace of documents.
func countDocuments(corpus *Corpus, e *engine.Engine, trace string) (map[string]int, error) {
	counts := map[string]int{}
	err := detectDocuments(corpus, e, trace, func(d *engine.Detection) { counts[d.Rule.Name]++ })
	return counts, err
}

func detectDocuments(corpus *Corpus, e *engine.Engine, trace string, emit func(*engine.Detection)) error {
	evaluators := map[string]*engine.Evaluator{}
	for _, s := range auditSources() {
		evaluator, err := e.Evaluator(s.Name())
		if err != nil {
			return err
		}
		evaluators[s.Name()] = evaluator
	}
	return readDocuments(corpus, trace, func(ev *document.Event) {
		evaluators[ev.Source.Name()].Process(&ev.Head, emit)
	})
}

// flat is a value as the corpus has it: text, a list of texts, or nil.
func flat(v event.Value) any {
	switch v.Kind() {
	case event.Missing:
		return nil
	case event.KindList:
		texts := make([]string, 0, len(v.List()))
		for _, item := range v.List() {
			texts = append(texts, item.String())
		}
		return texts
	}
	return v.String()
}

// flatWant is a value of the corpus in the same form.
func flatWant(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		texts := make([]string, 0, len(v))
		for _, item := range v {
			texts = append(texts, fmt.Sprint(item))
		}
		return texts
	}
	return fmt.Sprint(v)
}

// documentField reads a field of an event by name; a name that is none of the
// source's is an error.
func documentField(e *document.Event, name string) (any, error) {
	plan := compile.NewPlan(e.Source)
	ref, err := plan.Value(name)
	if err != nil {
		return nil, err
	}
	ctx := plan.NewContext()
	ctx.Begin(&e.Head)
	return flat(ref.Get(ctx)), nil
}
