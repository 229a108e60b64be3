package securityrulesprocessor

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/jsondoc"
)

// envelope opens what Azure sends by Event Hubs: a list of records, of which
// those of a cluster's audit log hold an event each, as JSON in a string. It is
// for one goroutine.
type envelope struct {
	doc     jsondoc.Document
	scratch event.Scratch
}

// isEnvelope tells from its beginning whether a text is a list of Azure's
// records. CloudTrail's begins with a capital.
func isEnvelope(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	text, ok := strings.CutPrefix(text, "{")
	return ok && strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), `"records"`)
}

// open calls each with the text of every audit event in an envelope. The text is
// valid until each returns. The error tells that the envelope is no JSON.
func (e *envelope) open(text string, each func(event string)) error {
	if _, err := e.doc.Parse(text); err != nil {
		return err
	}
	for record := range e.doc.Root().Get("records").Items() {
		category := record.Get("category")
		if category.Equal("kube-audit") || category.Equal("kube-audit-admin") {
			e.scratch.Reset()
			each(record.Path("properties", "log").Text(&e.scratch))
		}
	}
	return nil
}
