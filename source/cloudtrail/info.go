package cloudtrail

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/document"
)

// describe is the record in one line, for evt.plugininfo.
func describe(e *document.Event) event.Value {
	s := &e.Head.Scratch
	return document.Concat(s, e.Root.Get("awsRegion").Text(s), " ", userName(e).Str(), " ", shortSource(e).Str(), " ",
		e.Root.Get("eventName").Text(s), " ", summary(e).Str())
}

// subjects are what a summary names of a call, the first that it has.
var subjects = []struct {
	label string
	get   document.Getter
}{
	{" URI=", objectURI},
	{" Bucket=", parameter("bucketName")},
	{" Key=", parameter("key")},
	{" Host=", parameter("Host")},
}

func parameter(name string) document.Getter {
	return func(e *document.Event) event.Value {
		return e.Root.Path("requestParameters", name).Value(&e.Head.Scratch)
	}
}

// summary is who did what from where: an arrow to the right for calls that
// change something, an exclamation mark before it for calls that failed.
func summary(e *document.Event) event.Value {
	s := &e.Head.Scratch
	user, source := userName(e).Str(), e.Root.Get("sourceIPAddress").Text(s)
	via := " via "
	if user == source {
		via, source = "", ""
	}
	failed, arrow := " ", "← "
	if e.Root.Get("errorCode").Exists() {
		failed = " !"
	}
	if e.Root.Get("readOnly").Text(s) == "false" {
		arrow = "→ "
	}
	label, about := "", ""
	for _, subject := range subjects {
		if v := subject.get(e); v.Exists() {
			label, about = subject.label, v.Str()
			break
		}
	}
	return document.Concat(s, user, via, source, failed, arrow, e.Root.Get("eventName").Text(s), label, about)
}
