package conformance

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// ReportOptions bound what Report prints of each failure.
type ReportOptions struct {
	PerKind  int // failures shown of each kind; negative shows all
	MaxBytes int // of one failure; negative shows all
}

// Report prints the failures, what was not run, a table of kinds, and as its
// last line the totals.
func Report(w io.Writer, results []Result, unread []Unread, opts ReportOptions) error {
	var b strings.Builder
	for _, result := range results {
		reportFailures(&b, result, opts)
	}
	if len(unread) > 0 {
		b.WriteString("not run, because no kind reads them:\n")
		for _, u := range unread {
			fmt.Fprintf(&b, "  %d cases of %s\n", u.Cases, u.File)
		}
		b.WriteByte('\n')
	}
	if err := reportTable(&b, results); err != nil {
		return err
	}
	passed, failed, excluded := totals(results)
	fmt.Fprintf(&b, "%d passed, %d failed, %d excluded\n", passed, failed, excluded)
	_, err := io.WriteString(w, b.String())
	return err
}

func reportFailures(b *strings.Builder, result Result, opts ReportOptions) {
	for i, failure := range result.Failed {
		if opts.PerKind >= 0 && i >= opts.PerKind {
			fmt.Fprintf(b, "%s: %d more failures\n\n", result.Kind, len(result.Failed)-i)
			return
		}
		fmt.Fprintf(b, "FAIL %s\n", failure.ID)
		for line := range strings.SplitSeq(shorten(failure.Err.Error(), opts.MaxBytes), "\n") {
			fmt.Fprintf(b, "     %s\n", line)
		}
		b.WriteByte('\n')
	}
}

// shorten cuts each line of text to at most limit bytes.
func shorten(text string, limit int) string {
	if limit < 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if len(line) > limit {
			lines[i] = line[:limit] + " …"
		}
	}
	return strings.Join(lines, "\n")
}

func reportTable(b *strings.Builder, results []Result) error {
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "kind\tpassed\tfailed\texcluded\tpassed of run\t\n")
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%s\t\n", r.Kind, len(r.Passed), len(r.Failed), len(r.Excluded), share(r))
	}
	return table.Flush()
}

// share is the part of the run cases that passed.
func share(r Result) string {
	run := len(r.Passed) + len(r.Failed)
	if run == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(len(r.Passed))/float64(run))
}

func totals(results []Result) (passed, failed, excluded int) {
	for _, r := range results {
		passed += len(r.Passed)
		failed += len(r.Failed)
		excluded += len(r.Excluded)
	}
	return passed, failed, excluded
}
