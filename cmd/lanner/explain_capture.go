package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine/predicate"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/source/syscall"
)

// captureReport is what the rules make the kernel send, for one event type.
type captureReport struct {
	Type string `json:"type"`
	// All tells that nothing is filtered.
	All        bool          `json:"all"`
	Situations []string      `json:"situations"`
	Rules      []captureRule `json:"rules"`
}

// captureRule is what one rule asks of the events of a type.
type captureRule struct {
	Name string `json:"name"`
	// All tells that the rule needs every event of the type.
	All        bool     `json:"all"`
	Situations []string `json:"situations"`
	// Unknown are fields of the rule that the kernel does not know.
	Unknown []string `json:"unknown_fields"`
}

func outputCapture(cmd *cobra.Command, set *rules.Set, format string) error {
	reports := explainCapture(set)
	if format == formatJSON {
		return writeJSON(cmd.OutOrStdout(), reports)
	}
	return printCapture(cmd.OutOrStdout(), reports)
}

func explainCapture(set *rules.Set) []captureReport {
	var reports []captureReport
	for _, r := range predicate.Explain(syscall.SourceName, syscall.Known, set) {
		report := captureReport{
			Type: syscall.Types().Name(r.Type), All: r.Predicate.Open(), Situations: situations(r.Predicate.Clauses),
		}
		for i := range r.Rules {
			rule := &r.Rules[i]
			report.Rules = append(report.Rules, captureRule{
				Name: rule.Rule.Name, All: rule.Open(), Situations: situations(rule.Clauses), Unknown: rule.Unknown,
			})
		}
		reports = append(reports, report)
	}
	return reports
}

func situations(clauses []predicate.Clause) []string {
	texts := make([]string, len(clauses))
	for i := range clauses {
		texts[i] = situation(&clauses[i])
	}
	return texts
}

// situation says what a clause asks for.
func situation(c *predicate.Clause) string {
	var parts []string
	for i, f := range syscall.FeatureNames {
		if values := allowed(c.Allow[i], f.Values); len(values) < len(f.Values) {
			parts = append(parts, f.Name+" "+strings.Join(values, ", "))
		}
	}
	for i, name := range syscall.TextNames {
		if c.Texts[i] != nil {
			parts = append(parts, name+" "+atoms(c.Texts[i]))
		}
	}
	if len(parts) == 0 {
		return "any"
	}
	return strings.Join(parts, "; ")
}

func allowed(set predicate.Values, names []string) (list []string) {
	if names[0] == failedResult && set&1 == 0 && set>>1&0xf == 0xf {
		return []string{"success"}
	}
	for v, name := range names {
		if set&(1<<v) != 0 {
			list = append(list, name)
		}
	}
	return list
}

// failedResult is what FeatureNames calls the result of a call that failed; all
// others together are a success.
var failedResult = syscall.FeatureNames[abi.FeatResult].Values[abi.ResultFailed]

// atomWords say how each kind of test relates to the text.
var atomWords = [...]string{
	predicate.Exact: "is", predicate.Prefix: "begins with", predicate.InDirectory: "is in", predicate.BaseName: "is named",
	predicate.Suffix: "ends in", predicate.Contains: "contains",
}

// mostShown is how many texts of a kind are shown.
const mostShown = 4

func atoms(tests predicate.Atoms) string {
	var parts []string
	for kind, word := range atomWords {
		var texts []string
		for _, a := range tests {
			if a.Kind == predicate.AtomKind(kind) {
				texts = append(texts, a.Text)
			}
		}
		if len(texts) == 0 {
			continue
		}
		more := ""
		if len(texts) > mostShown {
			more = fmt.Sprintf(" and %d more", len(texts)-mostShown)
			texts = texts[:mostShown]
		}
		parts = append(parts, word+" "+strings.Join(texts, ", ")+more)
	}
	return strings.Join(parts, " or ")
}

// printCapture prints what leaves the kernel: of what is filtered, what is let
// through and for whom; of what is not, why.
func printCapture(w io.Writer, reports []captureReport) error {
	for i := range reports {
		if _, err := io.WriteString(w, reports[i].String()); err != nil {
			return err
		}
	}
	return nil
}

func (r *captureReport) String() string {
	var b strings.Builder
	if r.All {
		fmt.Fprintf(&b, "%s: every one\n", r.Type)
		for i := range r.Rules {
			if rule := &r.Rules[i]; rule.All {
				fmt.Fprintf(&b, "  for %s: %s\n", rule.Name, rule.reason())
			}
		}
		return b.String()
	}
	fmt.Fprintf(&b, "%s: filtered\n", r.Type)
	for _, s := range r.Situations {
		fmt.Fprintf(&b, "  %s\n", s)
	}
	for i := range r.Rules {
		rule := &r.Rules[i]
		fmt.Fprintf(&b, "    %s: %s\n", rule.Name, strings.Join(rule.Situations, " | "))
	}
	return b.String()
}

// reason tells why a rule needs all events.
func (r *captureRule) reason() string {
	if len(r.Unknown) == 0 {
		return "it asks for no more than the type"
	}
	fields := r.Unknown[:min(len(r.Unknown), mostShown)]
	more := ""
	if len(fields) < len(r.Unknown) {
		more = ", …"
	}
	return "the kernel does not know " + strings.Join(slices.Clone(fields), ", ") + more
}
