package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/k8saudit"
)

// edgeFieldFile lists the fields that the edge cases show: one that a case does
// not have has no value there.
const edgeFieldFile = auditOracle + "audit-edge-fields.txt"

// edgeCase is a crafted input.
type edgeCase struct {
	Input  json.RawMessage
	Events []struct {
		Fields map[string]any
		Text   map[string]any
	}
}

// quirks are fields that here do what their names say; the reference's, which
// its list of quirks tells, are compared in no case.
var quirks = []string{
	"ka.uri.param", "ka.sourceips", "ka.req.configmap.name", "eff_run_as_user", "eff_run_as_group",
	"add_capabilities", "image.repository",
}

// isQuirk tells whether a field, with or without argument, is a quirk.
func isQuirk(name string) bool {
	name, _, _ = strings.Cut(name, "[")
	return slices.ContainsFunc(quirks, func(q string) bool { return strings.HasSuffix(name, q) })
}

func runAuditEdge(corpus *Corpus, c Case) error {
	var want edgeCase
	d := json.NewDecoder(bytes.NewReader(c.Raw))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		return err
	}
	var text string
	if err := json.Unmarshal(want.Input, &text); err != nil {
		return err
	}
	list, err := corpus.ReadFile(edgeFieldFile)
	if err != nil {
		return err
	}
	at := 0
	var failed error
	_, _ = document.NewReader(k8saudit.Source()).Read(text, document.Origin{}, func(e *document.Event) {
		if at < len(want.Events) && failed == nil {
			failed = compareEdge(e, string(list), want.Events[at].Fields, want.Events[at].Text)
		}
		at++
	})
	if failed != nil {
		return failed
	}
	return compare(text, fmt.Sprint(len(want.Events), " events"), fmt.Sprint(at, " events"))
}

// compareEdge compares all fields of an event.
func compareEdge(e *document.Event, list string, fields, text map[string]any) error {
	for _, name := range strings.Split(strings.TrimSpace(list), "\n") {
		if isQuirk(name) {
			continue
		}
		if err := compareField(e, name, fields[name], text[name]); err != nil {
			return err
		}
	}
	return nil
}
