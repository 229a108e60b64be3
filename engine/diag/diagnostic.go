package diag

import (
	"cmp"
	"slices"
	"strings"
)

// Severity tells whether a diagnostic stops its file from being loaded.
type Severity uint8

// The severities.
const (
	Error Severity = iota
	Warning
)

// String is the severity as diagnostics show it.
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Item is the thing in a rules file that a diagnostic is about.
type Item struct {
	Kind string `json:"kind"` // rule, macro, list, exception, …
	Name string `json:"name,omitempty"`
}

// Frame is one step of the way from a place to the rule that brought it in.
type Frame struct {
	Item Item
	At   Range // where the item uses what the step before names
}

// Diagnostic is one thing to say about a file.
type Diagnostic struct {
	Severity Severity
	Code     Code
	Summary  string // a terse statement, without a full stop
	Detail   string // full sentences: why, and what to do
	Range    Range
	Item     Item    // what does not load, or is looked at
	Context  []Frame // from the place outwards: in macro X, used by rule Y
	Suggest  string  // the name that was probably meant
}

// List is a list of diagnostics.
type List []Diagnostic

// Add appends diagnostics.
func (l *List) Add(ds ...Diagnostic) { *l = append(*l, ds...) }

// HasErrors tells whether the list holds an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Errors lists the errors.
func (l List) Errors() List { return l.bySeverity(Error) }

// Warnings lists the warnings.
func (l List) Warnings() List { return l.bySeverity(Warning) }

func (l List) bySeverity(s Severity) List {
	var out List
	for _, d := range l {
		if d.Severity == s {
			out = append(out, d)
		}
	}
	return out
}

// Sort puts the list in reading order: files in the order in which the list
// first names them, and by place within a file. What has no place goes first.
func (l List) Sort() {
	order := map[*File]int{nil: -1}
	for _, d := range l {
		if _, seen := order[d.Range.File]; !seen {
			order[d.Range.File] = len(order)
		}
	}
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(order[a.Range.File], order[b.Range.File]),
			cmp.Compare(a.Range.Start, b.Range.Start),
			cmp.Compare(a.Severity, b.Severity),
		)
	})
}

// Err is the list as an error, or nil where it holds no error. The text is the
// rendering of the errors.
func (l List) Err() error {
	errs := l.Errors()
	if len(errs) == 0 {
		return nil
	}
	return listError{errs}
}

type listError struct{ list List }

func (e listError) Error() string {
	var b strings.Builder
	_ = e.list.Write(&b, Options{})
	return strings.TrimRight(b.String(), "\n")
}
