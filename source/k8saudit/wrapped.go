package k8saudit

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/jsondoc"
)

// Clouds that run clusters hand their audit events out in wrappers of their own:
// Azure's diagnostic logs and Amazon's log events hold the event as a text,
// Google's audit log has entries of its own form.

// isWrapped tells whether a document is an event in a wrapper, or a list of them.
func isWrapped(doc jsondoc.Node) bool {
	for _, name := range []string{"records", "logEvents"} {
		if first := doc.Get(name).Item(0); first.Exists() {
			doc = first
			break
		}
	}
	return inner(doc).Exists() || isGoogle(doc)
}

// inner is the text that holds the event.
func inner(doc jsondoc.Node) jsondoc.Node {
	if category := doc.Get("category"); category.Equal("kube-audit") || category.Equal("kube-audit-admin") {
		return doc.Path("properties", "log")
	}
	message := doc.Get("message")
	if message.Kind() == jsondoc.String && strings.Contains(message.Raw(), `audit.k8s.io/`) && doc.Get("id").Exists() {
		return message
	}
	return jsondoc.Node{}
}

func isGoogle(doc jsondoc.Node) bool { return doc.Path("protoPayload", "serviceName").Equal("k8s.io") }

// rewrite takes the event out of its wrapper.
func rewrite(b []byte, ev jsondoc.Node, s *event.Scratch) []byte {
	if ev.Get("kind").Exists() {
		return b
	}
	if text := inner(ev); text.Exists() {
		return append(b, text.Text(s)...)
	}
	if isGoogle(ev) {
		return appendGoogle(b, ev, s)
	}
	return b
}
