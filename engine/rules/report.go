package rules

import (
	"fmt"
	"strings"

	"github.com/lannersec/lanner/engine/diag"
)

// maxProblems bounds the diagnostics of each severity: who has made more
// mistakes corrects the first thousand first.
const maxProblems = 1000

// problems collects diagnostics.
type problems struct {
	list     diag.List
	n        [2]int // by severity
	reported map[problemKey]*repeat
}

// problemKey tells problems apart: what is wrong in a macro is reported once,
// not for every rule that uses it.
type problemKey struct {
	code    diag.Code
	file    *diag.File
	start   int
	summary string
}

// repeat counts how often a reported problem came up again.
type repeat struct {
	index int // in the list
	more  int
}

func newProblems() *problems { return &problems{reported: map[problemKey]*repeat{}} }

// add adds a diagnostic, or only counts it where there are too many.
func (p *problems) add(d diag.Diagnostic) (added bool) {
	p.n[d.Severity]++
	if p.n[d.Severity] > maxProblems {
		return false
	}
	p.list.Add(d)
	return true
}

// once adds a diagnostic unless there is the same one at its place; of unknown
// sources one for each file is enough.
func (p *problems) once(d diag.Diagnostic) {
	key := problemKey{d.Code, d.Range.File, d.Range.Start, d.Summary}
	if d.Code == diag.UnknownSource {
		key.start = -1
	}
	if !d.Range.Known() {
		key.summary += d.Item.Name
	}
	if seen := p.reported[key]; seen != nil {
		seen.more++
	} else if p.add(d) {
		p.reported[key] = &repeat{index: len(p.list) - 1}
	}
}

// sorted is the diagnostics in reading order, and how many there are besides.
func (p *problems) sorted() diag.List {
	for _, r := range p.reported {
		if r.more > 0 {
			d := &p.list[r.index]
			times := "once"
			if r.more > 1 {
				times = fmt.Sprintf("%d times", r.more)
			}
			d.Detail = strings.TrimSpace(d.Detail + "\nIt comes up " + times + " more.")
		}
	}
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
