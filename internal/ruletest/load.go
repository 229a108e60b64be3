package ruletest

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	enginerules "github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/rules"
	"github.com/lannersec/lanner/source/catalog"
)

// engineRun is the engine with a chunk's rules.
type engineRun struct {
	opts       engine.Options
	files      []enginerules.File
	engine     *engine.Engine
	evaluators map[string]*engine.Evaluator
}

// embedded are the names under which a script loads the rules that Lanner
// comes with.
var embedded = map[string]string{
	"default": rules.Default, "audit": rules.Audit, "k8s_audit": rules.K8sAudit, "cloudtrail": rules.CloudTrail,
	"okta": rules.Okta, "github": rules.GitHub, "gcp_audit": rules.GCPAudit,
}

// load loads the chunk's rules; nil where they have errors.
func (r *run) load(c *Chunk) *engineRun {
	e := &engineRun{evaluators: map[string]*engine.Evaluator{}}
	e.opts.Sources = catalog.All()
	e.opts.Capture = r.capture(c)
	begun := false
	var loads []*LoadRules
	for _, step := range c.Steps {
		switch step := step.(type) {
		case *LoadRules:
			loads = append(loads, step)
			e.files = append(e.files, r.filesOf(step)...)
		case *Only:
			e.opts.Selection = append(e.opts.Selection, onlyThese(step.Rules)...)
		case *Set:
			r.set(step, &e.opts)
		default:
			begun = begun || !isDeclaration(step)
			continue
		}
		if begun {
			r.failf(step.line(), "rules, only and set stand before the first event")
		}
	}
	e.engine = engine.New(e.opts)
	report := e.engine.Load(e.files)
	r.reportDiagnostics(report.Diagnostics, loads)
	if !report.Loaded {
		return nil
	}
	r.checkNames(c, report.Set)
	return e
}

func isDeclaration(step Step) bool {
	_, ok := step.(*Declare)
	return ok
}

// filesOf reads what a statement loads. Rules in the script get as many empty
// lines before them as stand before them in the script, so that places in them
// are places in the script.
func (r *run) filesOf(step *LoadRules) []enginerules.File {
	if step.Text != "" {
		text := strings.Repeat("\n", step.TextLine-1) + step.Text
		return []enginerules.File{{Name: r.script.Name, Data: []byte(text)}}
	}
	var files []enginerules.File
	for _, name := range step.Files {
		data, err := r.readRules(name)
		if err != nil {
			r.failf(step.line(), "%v", err)
			continue
		}
		files = append(files, enginerules.File{Name: name, Data: data})
	}
	return files
}

func (r *run) readRules(name string) ([]byte, error) {
	if file, ok := embedded[name]; ok {
		return fs.ReadFile(rules.FS, file)
	}
	return r.read(name)
}

// onlyThese switches all rules off but those named.
func onlyThese(names []string) enginerules.Selection {
	s := enginerules.Selection{{Enable: false, Match: enginerules.ByName}}
	for _, name := range names {
		s = append(s, enginerules.Choice{Enable: true, Match: enginerules.ByName, Pattern: name})
	}
	return s
}

// set reads the options of a set statement.
func (r *run) set(step *Set, opts *engine.Options) {
	for _, a := range step.Attrs {
		switch {
		case a.Key == "matching" && a.Value == "all":
			opts.Matching = engine.All
		case a.Key == "matching" && a.Value == "first":
			opts.Matching = engine.First
		case a.Key == "priority":
			p, ok := enginerules.ParsePriority(a.Value)
			if !ok {
				r.failf(step.line(), "%q is no priority", a.Value)
			}
			opts.MinPriority = p
		default:
			r.failf(step.line(), "set takes matching=first, matching=all and priority=NAME, not %s=%s", a.Key, a.Value)
		}
	}
}

// reportDiagnostics makes failures of errors, and of the warnings that the
// script has a marker for: other warnings are let through.
func (r *run) reportDiagnostics(list diag.List, loads []*LoadRules) {
	for _, d := range list {
		line := r.lineOf(&d, loads)
		message := describeDiagnostic(&d)
		if d.Range.Known() && d.Range.FileName() != r.script.Name {
			at := d.Range.Position()
			message = fmt.Sprintf("%s:%d:%d: %s", d.Range.FileName(), at.Line, at.Column, message)
		}
		if d.Severity == diag.Error || r.marked(line, message) {
			r.failf(line, "%s", message)
		}
	}
}

// describeDiagnostic is what markers are matched with.
func describeDiagnostic(d *diag.Diagnostic) string {
	text := fmt.Sprintf("%s: %s [%s]", d.Severity, d.Summary, d.Code)
	if d.Detail != "" {
		text += " " + d.Detail
	}
	if d.Suggest != "" {
		text += fmt.Sprintf(" Did you mean %s?", d.Suggest)
	}
	return text
}

// lineOf is the script's line of a diagnostic: its own where the rules stand in
// the script, else that of the statement which loads the file.
func (r *run) lineOf(d *diag.Diagnostic, loads []*LoadRules) int {
	if d.Range.Known() && d.Range.FileName() == r.script.Name {
		return d.Range.Position().Line
	}
	for _, load := range loads {
		if slices.Contains(load.Files, d.Range.FileName()) {
			return load.line()
		}
	}
	if len(loads) > 0 {
		return loads[0].line()
	}
	return 1
}

func (r *run) marked(line int, message string) bool {
	return slices.ContainsFunc(r.script.Markers, func(m Marker) bool {
		return m.Line == line && m.Pattern.MatchString(message)
	})
}

// checkNames reports rules and fields that a chunk names and nobody knows, so
// that a misspelt name does not pass for silence.
func (r *run) checkNames(c *Chunk, set *enginerules.Set) {
	for _, step := range c.Steps {
		var names []string
		switch step := step.(type) {
		case *Only:
			names = step.Rules
		case *ExpectFire:
			names = []string{step.Rule}
		}
		for _, name := range names {
			if set.Find(name) == nil {
				r.failf(step.line(), "no rule %q is loaded", name)
			}
		}
	}
}

// capture lists, by source, the fields that expectations look at.
func (r *run) capture(c *Chunk) map[string][]string {
	capture := map[string][]string{}
	for _, step := range c.Steps {
		fire, ok := step.(*ExpectFire)
		if !ok {
			continue
		}
		for _, want := range fire.Fields {
			known := false
			for _, src := range catalog.All() {
				if _, err := compile.NewPlan(src).Value(want.Field); err == nil {
					known = true
					capture[src.Name()] = append(capture[src.Name()], want.Field)
				}
			}
			if !known {
				r.failf(step.line(), "no source has a field %s", want.Field)
			}
		}
	}
	return capture
}

// evaluate matches an event with the rules and keeps what fired.
func (r *run) evaluate(line int, src field.Source, ev *event.Event) {
	v := r.engine.evaluators[src.Name()]
	if v == nil {
		var err error
		if v, err = r.engine.engine.Evaluator(src.Name()); err != nil {
			r.failf(line, "%v", err)
			return
		}
		r.engine.evaluators[src.Name()] = v
	}
	v.Process(ev, func(d *engine.Detection) {
		r.pending = append(r.pending, seen{d, line})
	})
}
