// Package github is the source of GitHub's webhook messages.
package github

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "github"

// Source is the source.
func Source() document.Source { return theSource }

var theSource = document.New(document.Spec{
	Name: SourceName, Plugin: "github",
	Match: match, Fields: [][]field.Definition{messageFields, repositoryFields, commitFields, scanFields},
})

// match takes messages: all name their sender, and what they are about.
func match(doc jsondoc.Node) bool {
	return doc.Path("sender", "login").Exists() &&
		(doc.Get("repository").Exists() || doc.Get("organization").Exists() || doc.Get("hook").Exists())
}

// messageFields are what happened.
var messageFields = []field.Definition{
	{Name: "github.type", Type: field.Charbuf, Get: document.Field(messageType),
		Desc: "Type of the message, such as push: the header X-GitHub-Event, the member webhook_type, or what the message's form tells."},
	document.Row("github.action", "/action", "What happened to the subject of the message, such as created."),
	document.Row("github.user", "/sender/login", "Name of the user who did it."),
	document.Row("github.org", "/organization/login", "Name of the organization."),
	document.Row("github.collaborator.name", "/member/login", "Name of the user who was added or removed."),
	document.Row("github.collaborator.role", "/changes/permission/to", "Role that the user was given."),
	document.Row("github.webhook.id", "/hook/id", "Id of the webhook."),
	document.Row("github.webhook.type", "/hook/type", "Type of the webhook, such as Repository."),
	document.Row("github.workflow.filename", "/workflow/path", "File of the workflow."),
}

// repositoryFields are of the repository.
var repositoryFields = []field.Definition{
	document.Row("github.repo", "/repository/html_url", "URL of the repository."),
	document.Row("github.repo.url", "/repository/html_url", "URL of the repository."),
	{Name: "github.repo.name", Type: field.Charbuf, Desc: "Name of the repository, with its owner.", Get: document.Field(repositoryName)},
	document.Row("github.repo.description", "/repository/description", "Description of the repository."),
	document.Row("github.owner", "/repository/owner/login", "Name of the repository's owner."),
	{Name: "github.repo.public", Type: field.Charbuf, Desc: "true for a public repository, false for a private one.",
		Get: document.Field(isPublic)},
}

// commitFields are of the commits of a push.
var commitFields = []field.Definition{
	{Name: "github.commit.added", Type: field.Charbuf, Desc: "Files that were added, with commas between.",
		Get: document.Joined("/commits/*/added/*")},
	{Name: "github.commit.modified", Type: field.Charbuf, Desc: "Files that were changed, with commas between.",
		Get: document.Joined("/commits/*/modified/*")},
	{Name: "github.commit.removed", Type: field.Charbuf, Desc: "Files that were removed, with commas between.",
		Get: document.Joined("/commits/*/removed/*")},
}

// messageType is the type as the sender tells it, else as the form does.
func messageType(e *document.Event) event.Value {
	if t := e.Root.Get("webhook_type"); t.Exists() {
		return t.Value(&e.Head.Scratch)
	}
	if e.Origin.Type != "" {
		return event.Text(e.Origin.Type)
	}
	for _, form := range forms {
		if hasAll(e.Root, form.members) {
			return event.Text(form.name)
		}
	}
	return event.Value{}
}

// forms are the types of messages that can be told from the members that only
// they have; the first whose members are all there.
var forms = []struct {
	name    string
	members []string
}{
	{"ping", []string{"zen", "hook"}},
	{"meta", []string{"hook", "hook_id"}},
	{"push", []string{"pusher", "commits"}},
	{"workflow_run", []string{"workflow_run", "workflow"}},
	{"workflow_job", []string{"workflow_job"}},
	{"check_run", []string{"check_run"}},
	{"check_suite", []string{"check_suite"}},
	{"deploy_key", []string{"key"}},
	{"secret_scanning_alert", []string{"alert", "location"}},
	{"release", []string{"release"}},
	{"pull_request_review", []string{"review", "pull_request"}},
	{"pull_request", []string{"pull_request"}},
	{"issue_comment", []string{"comment", "issue"}},
	{"issues", []string{"issue"}},
	{"fork", []string{"forkee"}},
	{"star", []string{"starred_at"}},
	{"member", []string{"member"}},
	{"team", []string{"team"}},
}

func hasAll(n jsondoc.Node, members []string) bool {
	for _, name := range members {
		if !n.Get(name).Exists() {
			return false
		}
	}
	return true
}

func repositoryName(e *document.Event) event.Value {
	url := e.Root.Path("repository", "html_url")
	if !url.Exists() {
		return event.Value{}
	}
	return event.Text(strings.TrimPrefix(url.Text(&e.Head.Scratch), "https://github.com/"))
}

func isPublic(e *document.Event) event.Value {
	switch e.Root.Path("repository", "private").Kind() {
	case jsondoc.True:
		return event.Text("false")
	case jsondoc.False:
		return event.Text("true")
	}
	return event.Value{}
}
