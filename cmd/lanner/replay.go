package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/rulefiles"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// replayOptions are the flags of replay.
type replayOptions struct {
	rules, before []string
	priority      string
	all, stats    bool
}

func newReplay() *cobra.Command {
	var o replayOptions
	cmd := &cobra.Command{
		Use:   "replay FILE…",
		Short: "Match rules with the events of captures",
		Long: `replay reads captures (.scap, also compressed) and prints what the rules would have
detected. Each capture starts with a process table of its own.

With --stats it prints how often each rule matched instead. With --diff it prints
what the rules detect that those of --diff did not, marked with +, and what they do
not detect any more, marked with -: what a change of rules would have meant.

Where a capture is damaged, the detections up to there are printed, and the command
fails.`,
		Example: `  lanner replay incident.scap
  lanner replay -r my_rules.yaml -o json incident.scap
  lanner replay --stats -r falco_rules.yaml -r local_rules.yaml *.scap
  lanner replay -r new.yaml --diff old.yaml incident.scap`,
		Args: cobra.MinimumNArgs(1),
	}
	addRulesFlag(cmd, &o.rules)
	output := addOutputFlag(cmd, formatText, formatJSON)
	cmd.Flags().StringSliceVar(&o.before, "diff", nil, "rules files to compare with")
	cmd.Flags().StringVar(&o.priority, "priority", "", "leave out less urgent rules")
	cmd.Flags().BoolVar(&o.all, "all", false, "all rules that match an event, not only the first")
	cmd.Flags().BoolVar(&o.stats, "stats", false, "count by rule")
	cmd.MarkFlagsMutuallyExclusive("diff", "stats")
	cmd.RunE = func(cmd *cobra.Command, captures []string) error {
		write := writeAlert
		if output.value == formatJSON {
			write = writeAlertJSON
		}
		switch {
		case o.before != nil:
			return replayDiff(cmd, &o, captures, write)
		case o.stats:
			return replayStats(cmd, &o, captures)
		}
		return replayAll(cmd, &o, captures, write)
	}
	return cmd
}

// alertWriter writes a detection on a line of its own; mark stands in front.
type alertWriter func(w io.Writer, mark string, d *engine.Detection, host string) error

// alert is a detection with the host of its capture.
type alert struct {
	*engine.Detection
	host    string
	capture int // index among the arguments
}

// replayAll prints detections as they come.
func replayAll(cmd *cobra.Command, o *replayOptions, captures []string, write alertWriter) error {
	e, err := o.engine(cmd, o.rules)
	if err != nil {
		return err
	}
	return replayCaptures(e, captures, func(a alert) error {
		return write(cmd.OutOrStdout(), "", a.Detection, a.host)
	})
}

// replayStats prints how often each rule matched.
func replayStats(cmd *cobra.Command, o *replayOptions, captures []string) error {
	e, err := o.engine(cmd, o.rules)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	total := 0
	failed := replayCaptures(e, captures, func(a alert) error {
		counts[a.Rule.Name]++
		total++
		return nil
	})
	rows := [][]string{{"MATCHES", "PRIORITY", "RULE"}}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	for _, name := range names {
		rows = append(rows, []string{strconv.Itoa(counts[name]), e.Set().Find(name).Priority.String(), name})
	}
	if total > 0 {
		if err := writeTable(cmd.OutOrStdout(), rows); err != nil {
			return err
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s of %s\n", plural(total, "detection"), plural(len(names), "rule"))
	return failed
}

// replayDiff prints the detections that only one of two sets of rules makes, in
// the order of the events.
func replayDiff(cmd *cobra.Command, o *replayOptions, captures []string, write alertWriter) error {
	before, err := o.alerts(cmd, o.before, captures)
	if err != nil {
		return err
	}
	after, err := o.alerts(cmd, o.rules, captures)
	if err != nil {
		return err
	}
	known := map[alertKey]int{}
	for _, a := range before {
		known[a.key()]++
	}
	var changes []change
	for _, a := range after {
		if known[a.key()] > 0 {
			known[a.key()]--
			continue
		}
		changes = append(changes, change{"+ ", a})
	}
	for _, a := range before {
		if known[a.key()] > 0 {
			known[a.key()]--
			changes = append(changes, change{"- ", a})
		}
	}
	slices.SortStableFunc(changes, func(a, b change) int {
		if a.capture != b.capture {
			return a.capture - b.capture
		}
		return int(a.Num) - int(b.Num)
	})
	for _, c := range changes {
		if err := write(cmd.OutOrStdout(), c.mark, c.Detection, c.host); err != nil {
			return err
		}
	}
	return nil
}

// change is a detection that came or went.
type change struct {
	mark string
	alert
}

// alertKey is what makes two detections the same.
type alertKey struct {
	capture int
	num     uint64
	rule    string
	output  string
}

func (a alert) key() alertKey { return alertKey{a.capture, a.Num, a.Rule.Name, a.Output} }

// alerts collects all detections.
func (o *replayOptions) alerts(cmd *cobra.Command, files, captures []string) ([]alert, error) {
	e, err := o.engine(cmd, files)
	if err != nil {
		return nil, err
	}
	var list []alert
	err = replayCaptures(e, captures, func(a alert) error {
		list = append(list, a)
		return nil
	})
	return list, err
}

// engine loads rules; errors in them are shown on stderr.
func (o *replayOptions) engine(cmd *cobra.Command, names []string) (*engine.Engine, error) {
	files, err := rulefiles.Read(names)
	if err != nil {
		return nil, err
	}
	opts := engine.Options{Config: rules.Config{Sources: sources()}}
	if o.all {
		opts.Matching = engine.All
	}
	if o.priority != "" {
		priority, ok := rules.ParsePriority(o.priority)
		if !ok {
			return nil, fmt.Errorf("no priority %q", o.priority)
		}
		opts.MinPriority = priority
	}
	e := engine.New(opts)
	if report := e.Load(files); !report.Loaded {
		if err := report.Diagnostics.Errors().Write(cmd.ErrOrStderr(), terminal(cmd.ErrOrStderr())); err != nil {
			return nil, err
		}
		return nil, errReported
	}
	return e, nil
}

// replayCaptures matches the events of all captures, and goes on with the next
// where one is damaged. An error of emit ends it.
func replayCaptures(e *engine.Engine, captures []string, emit func(alert) error) error {
	var damaged error
	for i, name := range captures {
		err, fatal := replayCapture(e, name, func(d *engine.Detection, host string) error {
			return emit(alert{d, host, i})
		})
		if fatal {
			return err
		}
		if err != nil {
			damaged = errors.Join(damaged, fmt.Errorf("%s: %w", name, err))
		}
	}
	return damaged
}

func replayCapture(e *engine.Engine, name string, emit func(*engine.Detection, string) error) (err error, fatal bool) {
	f, err := os.Open(name)
	if err != nil {
		return err, false
	}
	defer f.Close() // read only: nothing is lost
	r, err := scap.NewReader(f, scap.Options{})
	if err != nil {
		return err, false
	}
	evaluator, err := e.Evaluator(syscall.SourceName)
	if err != nil {
		return err, true
	}
	var failed error
	found := func(d *engine.Detection) {
		if failed == nil {
			failed = emit(d, r.Host().Name)
		}
	}
	for {
		event, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil, false
		}
		if err != nil {
			return err, false
		}
		if evaluator.Process(&event.Head, found); failed != nil {
			return failed, true
		}
	}
}
