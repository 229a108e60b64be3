package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
)

// writeAlert writes a detection as a line: time of day, priority, output.
func writeAlert(w io.Writer, mark string, d *engine.Detection, _ string) error {
	at := time.Unix(0, int64(d.Time)).Format("15:04:05.000000000")
	_, err := fmt.Fprintf(w, "%s%s: %s %s\n", mark, at, d.Rule.Priority, d.Output)
	return err
}

// jsonAlert is the form that consumers of the rule language's reference
// implementation read.
type jsonAlert struct {
	Change   string         `json:"change,omitempty"` // added or removed, of a diff
	Hostname string         `json:"hostname"`
	Output   string         `json:"output"`
	Fields   map[string]any `json:"output_fields"`
	Priority string         `json:"priority"`
	Rule     string         `json:"rule"`
	Source   string         `json:"source"`
	Tags     []string       `json:"tags"`
	Time     string         `json:"time"`
}

// marks are what a mark means in JSON.
var marks = map[string]string{"+ ": "added", "- ": "removed"}

// writeAlertJSON writes a detection as a line of JSON.
func writeAlertJSON(w io.Writer, mark string, d *engine.Detection, host string) error {
	at := time.Unix(0, int64(d.Time)).UTC()
	a := jsonAlert{
		Change: marks[mark], Hostname: host,
		Output:   at.Format("15:04:05.000000000") + ": " + d.Rule.Priority.String() + " " + d.Output,
		Fields:   map[string]any{"evt.time": d.Time},
		Priority: d.Rule.Priority.String(), Rule: d.Rule.Name, Source: d.Source,
		Tags: d.Rule.Tags, Time: at.Format("2006-01-02T15:04:05.000000000Z"),
	}
	if a.Tags == nil {
		a.Tags = []string{}
	}
	for i := range d.Fields {
		a.Fields[d.Fields[i].Name] = jsonValue(d.Fields[i].Value)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(a)
}

// jsonValue is a value as JSON has it.
func jsonValue(v event.Value) any {
	switch v.Kind() {
	case event.KindInt:
		return v.Int()
	case event.KindUint:
		return v.Uint()
	case event.KindBool:
		return v.Bool()
	case event.KindFloat:
		return v.Float()
	case event.KindList:
		list := make([]any, len(v.List()))
		for i, item := range v.List() {
			list[i] = jsonValue(item)
		}
		return list
	case event.Missing:
		return nil
	}
	return strings.ToValidUTF8(v.String(), "\ufffd")
}
