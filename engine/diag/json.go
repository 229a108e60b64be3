package diag

import (
	"encoding/json"
	"io"
)

// jsonDiagnostic is a Diagnostic as tools read it.
type jsonDiagnostic struct {
	Severity   string      `json:"severity"`
	Code       Code        `json:"code"`
	Summary    string      `json:"summary"`
	Detail     string      `json:"detail,omitempty"`
	Item       *Item       `json:"item,omitempty"`
	Place      *jsonRange  `json:"place,omitempty"`
	Context    []jsonFrame `json:"context,omitempty"`
	Suggestion string      `json:"suggestion,omitempty"`
}

type jsonRange struct {
	File  string       `json:"file"`
	Start jsonPosition `json:"start"`
	End   jsonPosition `json:"end"`
}

type jsonPosition struct {
	Position
	Byte int `json:"byte"`
}

type jsonFrame struct {
	Item
	Place *jsonRange `json:"place,omitempty"`
}

// WriteJSON writes the list as a JSON array.
func (l List) WriteJSON(w io.Writer) error {
	out := make([]jsonDiagnostic, len(l))
	for i, d := range l {
		out[i] = jsonDiagnostic{
			Severity:   d.Severity.String(),
			Code:       d.Code,
			Summary:    d.Summary,
			Detail:     d.Detail,
			Place:      d.Range.json(),
			Suggestion: d.Suggest,
		}
		if d.Item.Kind != "" {
			out[i].Item = &d.Item
		}
		for _, f := range d.Context {
			out[i].Context = append(out[i].Context, jsonFrame{f.Item, f.At.json()})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func (r Range) json() *jsonRange {
	if !r.Known() {
		return nil
	}
	return &jsonRange{
		File:  r.File.Name,
		Start: jsonPosition{r.File.Position(r.Start), r.Start},
		End:   jsonPosition{r.File.Position(r.End), r.End},
	}
}
