package github

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// scanFields are what a scan of the changes found. The messages themselves have
// no changes: a scanner that fetches them adds what it finds to the message, in
// files (each with its name and matches) and workflow_miner_detections.
var scanFields = []field.Definition{
	{Name: "github.diff.has_secrets", Type: field.Charbuf, Desc: "true where a scanner found secrets in the changes, false where it found none.",
		Get: document.Field(hasSecrets)},
	{Name: "github.diff.committed_secrets.desc", Type: field.Charbuf, Desc: "Kinds of the secrets, with commas between.",
		Get: document.Joined("/files/*/matches/*/desc")},
	{Name: "github.diff.committed_secrets.files", Type: field.Charbuf, Desc: "Files of the secrets, with commas between.",
		Get: document.Field(perSecret(func(s *event.Scratch, _ jsondoc.Node, file, _ jsondoc.Node) event.Value {
			return file.Get("name").Value(s)
		}))},
	{Name: "github.diff.committed_secrets.lines", Type: field.Charbuf, Desc: "Lines of the secrets, with commas between.",
		Get: document.Joined("/files/*/matches/*/line")},
	{Name: "github.diff.committed_secrets.links", Type: field.Charbuf, Desc: "Links to the secrets, with commas between.",
		Get: document.Field(perSecret(link))},
	{Name: "github.workflow.has_miners", Type: field.Charbuf, Desc: "true where a scanner found a miner in the workflow, false where it found none.",
		Get: document.Field(hasMiners)},
	{Name: "github.workflow.miners.type", Type: field.Charbuf, Desc: "Kinds of the miners, with commas between.",
		Get: document.Joined("/workflow_miner_detections/matches/*/type")},
}

func truth(b bool) event.Value {
	if b {
		return event.Text("true")
	}
	return event.Text("false")
}

func hasSecrets(e *document.Event) event.Value {
	files := e.Root.Get("files")
	if files.Kind() != jsondoc.Array {
		return event.Value{}
	}
	for file := range files.Items() {
		if file.Get("matches").Item(0).Exists() {
			return truth(true)
		}
	}
	return truth(false)
}

func hasMiners(e *document.Event) event.Value {
	matches := e.Root.Path("workflow_miner_detections", "matches")
	if matches.Kind() != jsondoc.Array {
		return event.Value{}
	}
	return truth(matches.Item(0).Exists())
}

// perSecret joins what make makes of each secret.
func perSecret(make func(s *event.Scratch, message, file, match jsondoc.Node) event.Value) document.Getter {
	return func(e *document.Event) event.Value {
		s, joined := &e.Head.Scratch, event.Value{}
		for file := range e.Root.Get("files").Items() {
			for match := range file.Get("matches").Items() {
				v := make(s, e.Root, file, match)
				if joined.Exists() {
					v = document.Concat(s, joined.Str(), ",", v.Str())
				}
				joined = v
			}
		}
		return joined
	}
}

func link(s *event.Scratch, message, file, match jsondoc.Node) event.Value {
	return document.Concat(s, message.Path("repository", "html_url").Text(s), "/blob/", message.Path("head_commit", "id").Text(s),
		"/", file.Get("name").Text(s), "#L", match.Get("line").Text(s))
}
