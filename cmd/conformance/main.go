// Command conformance compares Lanner with a corpus of cases.
//
// Its last line is "N passed, N failed, N excluded". It fails when a case fails
// that testdata/conformance does not list as failing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/lannersec/lanner/internal/conformance"
)

type options struct {
	corpus   string
	pins     string
	kinds    string
	verbose  bool
	first    int
	update   bool
	unpinned bool
}

func main() {
	var o options
	flag.StringVar(&o.corpus, "corpus", "", "directory of the corpus")
	flag.StringVar(&o.pins, "pins", "testdata/conformance", "directory of the pinned and excluded cases")
	flag.StringVar(&o.kinds, "kind", "", "kinds to run, with commas between; all if empty")
	flag.BoolVar(&o.verbose, "v", false, "show all failures in full")
	flag.IntVar(&o.first, "first", 3, "failures shown of each kind")
	flag.BoolVar(&o.update, "update", false, "pin the results: list the failing cases as known")
	flag.BoolVar(&o.unpinned, "unpinned", false, "only count: known and unknown failures are no error")
	flag.Parse()
	if err := run(os.Stdout, o); err != nil {
		if !errors.Is(err, errUnknownFailures) { // the report has said it
			fmt.Fprintln(os.Stderr, "conformance:", err)
		}
		os.Exit(1)
	}
}

var errUnknownFailures = errors.New("cases fail that are not listed as failing")

func run(w io.Writer, o options) error {
	if o.corpus == "" {
		return errors.New("-corpus DIR is missing")
	}
	if o.update && o.kinds != "" {
		return errors.New("-update needs the results of all kinds: leave out -kind")
	}
	corpus, err := conformance.Open(o.corpus)
	if err != nil {
		return err
	}
	kinds, err := chosen(o.kinds)
	if err != nil {
		return err
	}
	excluded, err := conformance.ReadExclusions(filepath.Join(o.pins, conformance.ExclusionFile))
	if err != nil {
		return err
	}
	results, err := conformance.Run(corpus, kinds, excluded)
	if err != nil {
		return err
	}
	var unread []conformance.Unread
	if o.kinds == "" {
		if unread, err = conformance.FindUnread(corpus, kinds); err != nil {
			return err
		}
	}
	return finish(w, o, results, unread)
}

// chosen are the kinds that a comma-separated list names.
func chosen(list string) ([]conformance.Kind, error) {
	all := conformance.Kinds()
	if list == "" {
		return all, nil
	}
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		wanted[name] = true
	}
	var kinds []conformance.Kind
	for _, kind := range all {
		if wanted[kind.Name] {
			kinds = append(kinds, kind)
			delete(wanted, kind.Name)
		}
	}
	for name := range wanted {
		return nil, fmt.Errorf("no kind %q", name)
	}
	return kinds, nil
}

// finish reports and compares with the pins. What it says of them stands
// before the report, whose last line counts.
func finish(w io.Writer, o options, results []conformance.Result, unread []conformance.Unread) error {
	pins, err := conformance.ReadPins(o.pins)
	if err != nil {
		return err
	}
	unknown := pins.Unknown(results)
	if fixed := pins.Fixed(results); len(fixed) > 0 && !o.update {
		fmt.Fprintf(w, "%d cases that are listed as failing pass: run with -update to pin them\n\n", len(fixed))
	}
	if len(unknown) > 0 && !o.update && !o.unpinned {
		fmt.Fprintf(w, "%d cases fail that are not listed as failing:\n%s\n\n", len(unknown), strings.Join(unknown, "\n"))
	}
	shown := conformance.ReportOptions{PerKind: o.first, MaxBytes: 400}
	if o.verbose {
		shown = conformance.ReportOptions{PerKind: -1, MaxBytes: -1}
	}
	if err := conformance.Report(w, results, unread, shown); err != nil {
		return err
	}
	switch {
	case o.update:
		return conformance.WritePins(o.pins, results)
	case o.unpinned || len(unknown) == 0:
		return nil
	}
	return errUnknownFailures
}
