package conformance

import (
	"fmt"
	"runtime/debug"
)

// Kind is a sort of case: where its cases stand and what runs them.
type Kind struct {
	Name string
	// Files are its files in the corpus; those that are missing have no cases.
	Files []string
	// Find makes the cases of a kind that has no files of cases; nil: Files has them.
	Find func(*Corpus) ([]Case, error)
	// Takes picks the kind's cases among those of its files; nil takes all.
	Takes func(Case) bool
	// Run is nil where the case comes out as expected. A difference is a
	// *Mismatch.
	Run func(*Corpus, Case) error
}

// Result is how the cases of a kind came out.
type Result struct {
	Kind     string
	Passed   []string // ids
	Failed   []Failure
	Excluded []string // ids
}

// Total is the number of cases.
func (r Result) Total() int { return len(r.Passed) + len(r.Failed) + len(r.Excluded) }

// Failure is a case that failed.
type Failure struct {
	ID  string
	Err error
}

// Run runs the cases of all kinds. An excluded case is not run.
func Run(corpus *Corpus, kinds []Kind, excluded Exclusions) ([]Result, error) {
	results := make([]Result, 0, len(kinds))
	for _, kind := range kinds {
		result, err := runKind(corpus, kind, excluded)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind.Name, err)
		}
		results = append(results, result)
	}
	return results, nil
}

func runKind(corpus *Corpus, kind Kind, excluded Exclusions) (Result, error) {
	result := Result{Kind: kind.Name}
	cases, err := kind.cases(corpus)
	for _, c := range cases {
		if kind.Takes == nil || kind.Takes(c) {
			result.add(c, excluded, func() error { return guarded(kind, corpus, c) })
		}
	}
	return result, err
}

// cases are all cases that the kind may take.
func (k Kind) cases(corpus *Corpus) ([]Case, error) {
	if k.Find != nil {
		return k.Find(corpus)
	}
	var all []Case
	for _, file := range k.Files {
		cases, err := corpus.Cases(file)
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	return all, nil
}

func (r *Result) add(c Case, excluded Exclusions, run func() error) {
	if excluded.Has(c.ID) {
		r.Excluded = append(r.Excluded, c.ID)
		return
	}
	if err := run(); err != nil {
		r.Failed = append(r.Failed, Failure{ID: c.ID, Err: err})
		return
	}
	r.Passed = append(r.Passed, c.ID)
}

// guarded makes a failure of a panic, so that the other cases still run.
func guarded(kind Kind, corpus *Corpus, c Case) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v\n%s", reason, debug.Stack())
		}
	}()
	return kind.Run(corpus, c)
}
