package k8saudit

import (
	"net/url"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// bindParam reads a parameter of the request's URI as an API server does: the
// first of its name; one with a bad escape or a semicolon is none.
func bindParam(arg string) (field.Getter, error) {
	uri := jsondoc.MustPointer("/requestURI")
	return document.Field(func(e *document.Event) event.Value {
		_, query, _ := strings.Cut(uri.Find(e.Root).Text(&e.Head.Scratch), "?")
		query, _, _ = strings.Cut(query, "#")
		for query != "" {
			var pair string
			pair, query, _ = strings.Cut(query, "&")
			if pair == "" || strings.Contains(pair, ";") {
				continue
			}
			key, value, _ := strings.Cut(pair, "=")
			if !unescapesTo(key, arg) {
				continue
			}
			if text, err := url.QueryUnescape(value); err == nil {
				return event.Text(text)
			}
		}
		return event.Value{}
	}), nil
}

// unescapesTo tells whether the part of a query reads want.
func unescapesTo(part, want string) bool {
	if !strings.ContainsAny(part, "%+") {
		return part == want
	}
	text, err := url.QueryUnescape(part)
	return err == nil && text == want
}
