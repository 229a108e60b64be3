package diag

import (
	"encoding/json"
	"io"
	"slices"
)

// The parts of SARIF 2.1.0 that code scanning services read.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		Results    []sarifResult `json:"results"`
		ColumnKind string        `json:"columnKind"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID   Code      `json:"id"`
		Text sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    Code            `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
		ByteOffset  int `json:"byteOffset"`
		ByteLength  int `json:"byteLength"`
	}
)

// WriteSARIF writes the list as a SARIF 2.1.0 log of the given tool.
func (l List) WriteSARIF(w io.Writer, tool string) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: tool, Rules: l.sarifRules()}
	for i := range l {
		run.Results = append(run.Results, l[i].sarif())
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

func (l List) sarifRules() []sarifRule {
	rules := []sarifRule{}
	for _, d := range l {
		if !slices.ContainsFunc(rules, func(r sarifRule) bool { return r.ID == d.Code }) {
			rules = append(rules, sarifRule{d.Code, sarifText{d.Code.Text()}})
		}
	}
	return rules
}

func (d *Diagnostic) sarif() sarifResult {
	message := d.Summary
	for _, note := range d.notes() {
		message += "\n" + note
	}
	r := sarifResult{RuleID: d.Code, Level: d.Severity.String(), Message: sarifText{message}}
	if d.Range.Known() {
		r.Locations = []sarifLocation{{Physical: d.Range.sarif()}}
	}
	for _, f := range d.Context {
		if f.At.Known() {
			r.Related = append(r.Related, sarifLocation{f.At.sarif(), &sarifText{"used by " + f.Item.String()}})
		}
	}
	return r
}

func (r Range) sarif() sarifPhysical {
	start, end := r.File.Position(r.Start), r.File.Position(r.End)
	return sarifPhysical{
		Artifact: sarifArtifact{URI: r.File.Name},
		Region: sarifRegion{
			StartLine: start.Line, StartColumn: start.Column,
			EndLine: end.Line, EndColumn: end.Column,
			ByteOffset: r.Start, ByteLength: r.End - r.Start,
		},
	}
}
