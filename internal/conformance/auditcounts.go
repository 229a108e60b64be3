package conformance

import (
	"strings"

	"github.com/lannersec/lanner/engine"
)

// auditOracle is the directory of what the reference said of audit events.
const auditOracle = "oracle/audit/"

// runAuditCounts compares how often each rule matches in a trace of documents.
func runAuditCounts(corpus *Corpus, c Case) error {
	var want struct {
		Trace, Matching string
		Rules           []string
		Counts          map[string]int
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	matching := engine.All
	if want.Matching == "first" {
		matching = engine.First
	}
	e, err := engineFor(corpus, want.Rules, engine.Options{Config: rulesConfig(), Matching: matching})
	if err != nil {
		return err
	}
	got, err := countDocuments(corpus, e, want.Trace)
	if err != nil {
		return err
	}
	return compare(strings.Join(want.Rules, " ")+" on "+want.Trace, want.Counts, got)
}

// runAuditAlert looks for an alert among those of a trace.
func runAuditAlert(corpus *Corpus, c Case) error {
	var want struct {
		Trace string
		Rules []string
		Alert struct {
			Output, Priority, Rule string
			Fields                 map[string]any `json:"output_fields"`
		}
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	e, err := engineFor(corpus, want.Rules, engine.Options{Config: rulesConfig(), Matching: engine.All})
	if err != nil {
		return err
	}
	// The reference begins an output with the time and the priority.
	_, output, _ := strings.Cut(want.Alert.Output, ": "+want.Alert.Priority+" ")
	found := false
	var others []string
	err = detectDocuments(corpus, e, want.Trace, func(d *engine.Detection) {
		if d.Rule.Name == want.Alert.Rule {
			found = found || d.Output == output
			others = append(others, d.Output)
		}
	})
	if err != nil || found {
		return err
	}
	return &Mismatch{Input: want.Alert.Rule + " on " + want.Trace, Expected: output, Got: others}
}

// runAuditLoad compares whether a rule set loads, and what is said of it.
func runAuditLoad(corpus *Corpus, c Case) error {
	var want struct {
		Rules  []string
		Status int `json:"exit_status"`
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	_, err := engineFor(corpus, want.Rules, engine.Options{Config: rulesConfig()})
	if (err != nil) != (want.Status != 0) {
		return &Mismatch{Input: strings.Join(want.Rules, " "), Expected: want.Status, Got: err}
	}
	return nil
}
