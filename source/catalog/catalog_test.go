package catalog_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsonlog"
	"github.com/lannersec/lanner/source/logrecord"
)

// arguments are what fields are asked with that need one; numbers are asked for 0.
var arguments = map[string]string{
	"ka.uri.param": "command", "ka.req.binding.subject.has_name": "eve", "ka.req.volume.hostpath": "/etc*",
	"json.value": "/list/0", "jevt.value": "list/0",
	"log.attribute": "http.route", "log.resource": "service.name",
	"okta.mfa.failure.countlast": "300", "okta.mfa.deny.countlast": "300",
}

// TestEveryFieldHasItsValue: for each source there are documents in testdata in
// which every field has a value, and the list of these values. A document is
// read by the source that is expected to take it.
func TestEveryFieldHasItsValue(t *testing.T) {
	sources := append(catalog.Documents(), logrecord.Source())
	for _, source := range sources {
		t.Run(source.Name(), func(t *testing.T) {
			docs, err := os.ReadFile("testdata/" + source.Name() + ".jsonl")
			if err != nil {
				t.Fatal(err)
			}
			list, err := os.ReadFile("testdata/" + source.Name() + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			got := valuesOf(t, source, string(docs))
			if got == string(list) {
				return
			}
			t.Errorf("the values are not those of testdata/%s.txt:\n%s", source.Name(), got)
		})
	}
}

// valuesOf reads all fields of the events of a source, a line for each that has a value.
func valuesOf(t *testing.T, source document.Source, docs string) string {
	t.Helper()
	readers := catalog.Documents()
	if source.Name() == logrecord.SourceName {
		readers = []document.Source{source}
	}
	var b strings.Builder
	valued := map[string]bool{}
	origin := document.Origin{Received: 1e18, Host: "collector"}
	tally, err := document.NewReader(readers...).Read(docs, origin, func(e *document.Event) {
		if e.Source.Name() != source.Name() {
			t.Fatalf("taken by %s", e.Source.Name())
		}
		fmt.Fprintf(&b, "event %d\n", e.Head.Num)
		for _, name := range source.Fields().Names() {
			def, _ := source.Fields().Lookup(name)
			for _, text := range askedAs(def) {
				if v := read(t, e, text); v != "" {
					valued[name] = true
					fmt.Fprintf(&b, "%s = %s\n", text, v)
				}
			}
		}
	})
	if err != nil || tally.Events == 0 {
		t.Fatalf("%+v, %v", tally, err)
	}
	for _, name := range source.Fields().Names() {
		if def, _ := source.Fields().Lookup(name); !valued[name] && def.Missing == "" && !isLocal(name) {
			t.Errorf("%s has a value in no document", name)
		}
	}
	return b.String()
}

// askedAs are the forms in which a field is asked for.
func askedAs(def *field.Definition) []string {
	if isLocal(def.Name) || def.Missing != "" {
		return nil
	}
	arg, ok := arguments[def.Name]
	if !ok {
		arg = "0"
	}
	switch {
	case def.Arg&field.ArgRequired != 0:
		return []string{def.Name + "[" + arg + "]"}
	case def.Name == "log.body":
		return []string{def.Name, def.Name + "[/user]"}
	case def.Arg&field.ArgOptional != 0:
		return []string{def.Name, def.Name + "[" + arg + "]"}
	}
	return []string{def.Name}
}

// isLocal tells of fields whose value depends on the machine's time zone, and of
// those that repeat the whole document.
func isLocal(name string) bool {
	switch name {
	case "evt.time", "evt.time.s", "evt.datetime", "evt.datetime.s", "evt.outputtime", "jevt.obj", "json.obj":
		return true
	}
	return false
}

func read(t *testing.T, e *document.Event, text string) string {
	t.Helper()
	plan := compile.NewPlan(e.Source)
	ref, err := plan.Value(text)
	if err != nil {
		t.Fatal(err)
	}
	ctx := plan.NewContext()
	ctx.Begin(&e.Head)
	v := ref.Get(ctx)
	if !v.Exists() {
		return ""
	}
	return fmt.Sprintf("%q", v.String())
}

// TestOrder: the source that takes anything is last, and none stands twice.
func TestOrder(t *testing.T) {
	docs := catalog.Documents()
	if docs[len(docs)-1].Name() != jsonlog.SourceName {
		t.Errorf("%s is last", docs[len(docs)-1].Name())
	}
	seen := map[string]bool{}
	for _, s := range catalog.All() {
		if seen[s.Name()] {
			t.Errorf("%s stands twice", s.Name())
		}
		seen[s.Name()] = true
	}
}

// FuzzRead: no text makes a reader panic, nor a field of what it reads.
func FuzzRead(f *testing.F) {
	for _, source := range append(catalog.Documents(), logrecord.Source()) {
		docs, err := os.ReadFile("testdata/" + source.Name() + ".jsonl")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(docs))
	}
	f.Add("[{\"kind\":\"Event\",\"auditID\":null,\"stageTimestamp\":\"2026-01-01T00:00:00Z\"},[],{}]\n{")
	f.Add(`{"records":[{"category":"kube-audit","properties":{"log":"{\"kind\":\"Event\",\"stageTimestamp\":\"2026-01-01T00:00:00Z\"}"}}]}`)
	f.Add(`{"protoPayload":{"serviceName":"k8s.io","methodName":"a.b","resourceName":"core/v1/x"},"timestamp":"2026-01-01T00:00:00Z"}`)
	sources := append(catalog.Documents(), logrecord.Source())
	f.Fuzz(func(t *testing.T, text string) {
		for _, readers := range [][]document.Source{sources[:len(sources)-1], sources[len(sources)-1:]} {
			// The error is part of what is tried; there is none to expect.
			_, _ = document.NewReader(readers...).Read(text, document.Origin{Received: 1}, func(e *document.Event) {
				for _, name := range e.Source.Fields().Names() {
					def, _ := e.Source.Fields().Lookup(name)
					for _, asked := range askedAs(def) {
						read(t, e, asked)
					}
				}
			})
		}
	})
}
