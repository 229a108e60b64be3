package rules

import (
	"fmt"

	"github.com/lannersec/lanner/engine/diag"
)

// Load reads, merges and compiles files. It reports every problem that it
// finds; the Set is what could be compiled, and complete if no diagnostic is
// an error. Diagnostics keep the files' Data.
func Load(files []File, cfg Config) (*Set, diag.List) {
	found := &problems{}
	c := newCollection(cfg.Sources)
	r := &reader{into: c, diags: found}
	for _, f := range files {
		r.file(f)
	}
	for _, p := range c.plugins {
		if cfg.Plugins != nil && !satisfied(p.wants, cfg.Plugins) {
			found.add(warnPluginMissing(p.at, p.of, p.wants))
		}
	}
	set := newBuilder(c, cfg, found).build()
	return set, found.sorted()
}

// maxProblems bounds the diagnostics of each severity: who has made more
// mistakes corrects the first thousand first.
const maxProblems = 1000

// problems collects diagnostics.
type problems struct {
	list diag.List
	n    [2]int // by severity
}

// add adds a diagnostic, or only counts it where there are too many.
func (p *problems) add(d diag.Diagnostic) (added bool) {
	p.n[d.Severity]++
	if p.n[d.Severity] > maxProblems {
		return false
	}
	p.list.Add(d)
	return true
}

// sorted is the diagnostics in reading order, and how many there are besides.
func (p *problems) sorted() diag.List {
	p.list.Sort()
	for severity, n := range p.n {
		if n > maxProblems {
			p.list.Add(diag.Diagnostic{
				Severity: diag.Severity(severity),
				Summary:  fmt.Sprintf("%d more of the kind %s", n-maxProblems, diag.Severity(severity)),
			})
		}
	}
	return p.list
}
