package ruletest

import (
	"regexp"
	"time"
)

// Script is a parsed script file. Parsing never stops at an error: what could
// not be read is in Failures, the rest still runs.
type Script struct {
	Name   string // as given by the caller; places in failures start with it
	Chunks []Chunk
	// Markers are the failures that the script says must occur.
	Markers []Marker
	// Failures are the script's own mistakes.
	Failures []Failure
}

// Chunk is an independent part of a script: it shares no rules, processes or
// state with the others.
type Chunk struct {
	Line  int
	Steps []Step
}

// Marker is `### "regexp"`: a failure that matches must be reported on Line.
type Marker struct {
	Line    int
	Pattern *regexp.Regexp
}

// Step is one statement of a chunk.
type Step interface{ line() int }

// at is the line a statement starts on, counted from 1.
type at int

func (a at) line() int { return int(a) }

// Attr is one key=value of a statement, in the order written.
type Attr struct {
	Key   string
	Value string
	// Match is true for key~value: the value is a regular expression.
	Match bool
}

type (
	// LoadRules loads rule files, or rules written in the script.
	LoadRules struct {
		at
		Files []string // relative to the script; default and audit are the embedded sets
		Text  string   // rules written in the script
		// TextLine is the script's line that holds the first line of Text.
		TextLine int
	}

	// Only disables all rules but those named.
	Only struct {
		at
		Rules []string
	}

	// Set changes how the chunk's rules are run: matching=all, priority=…
	Set struct {
		at
		Attrs []Attr
	}

	// Declare describes a thing that exists when events begin: a user, group,
	// container or process.
	Declare struct {
		at
		Kind  string
		Name  string
		Attrs []Attr
	}

	// Act is an event that a process causes: `cat: openat path=/etc/shadow`.
	Act struct {
		at
		Process string
		Type    string
		Attrs   []Attr
	}

	// Feed is an event of another source, as JSON text.
	Feed struct {
		at
		Source string
		Type   string // what a transport would say of it; empty: nothing
		Text   string
	}

	// Replay sends the events of a capture, which knows its own processes.
	Replay struct {
		at
		File string // relative to the script
	}

	// Wait lets the clock of the events go on.
	Wait struct {
		at
		For time.Duration
	}

	// ExpectFire says that a rule has fired Count times since the last
	// expectations, with these properties.
	ExpectFire struct {
		at
		Rule   string
		Count  int
		Attrs  []Attr // priority, output, source, tag
		Fields []FieldWant
	}

	// ExpectSilent says that nothing has fired.
	ExpectSilent struct{ at }

	// ExpectTruth says what a condition yields on the last event.
	ExpectTruth struct {
		at
		Want bool
		Expr string
	}

	// ExpectValue says what a field yields on the last event.
	ExpectValue struct {
		at
		Want FieldWant
	}
)

// FieldWant is what a field must yield: a text, a text that a pattern matches,
// or nothing at all.
type FieldWant struct {
	Field   string
	Text    string
	Pattern *regexp.Regexp // set for field~"regexp"
	Missing bool           // set for !field
}
