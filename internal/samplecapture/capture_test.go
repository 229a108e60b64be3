package samplecapture

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
	"testing"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/rulefiles"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

var update = flag.Bool("update", false, "write the shipped capture")

const shipped = "../../testdata/captures/intrusion.scap"

func TestShippedCapture(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(shipped, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(shipped); err != nil || !bytes.Equal(have, out.Bytes()) {
		t.Errorf("%s is not what the story writes: go test ./internal/samplecapture -update (%v)", shipped, err)
	}
}

// TestDefaultRulesSeeTheStory wants a detection for each act of the story.
func TestDefaultRulesSeeTheStory(t *testing.T) {
	files, err := rulefiles.Read([]string{rulefiles.Default})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Options{Config: rules.Config{Sources: []field.Source{syscall.Source()}}})
	if report := e.Load(files); !report.Loaded {
		t.Fatal("the rules do not load")
	}
	evaluator, err := e.Evaluator(syscall.SourceName)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Write(&out); err != nil {
		t.Fatal(err)
	}
	r, err := scap.NewReader(&out, scap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		ev, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		evaluator.Process(&ev.Head, func(d *engine.Detection) { got = append(got, d.Rule.Name) })
	}
	for _, want := range []string{
		"Shell spawned by server", "Sensitive file read", "Connection opened by shell",
		"Socket given to standard streams", "Scheduled task or service added",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not detected; detected are %q", want, got)
		}
	}
}
