package cloudtrail

import (
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// userName is the user's name. Records have it in different places, and none
// for some kinds of identities, whose kind stands for them.
func userName(e *document.Event) event.Value {
	identity, s := e.Root.Get("userIdentity"), &e.Head.Scratch
	switch kind := identity.Get("type"); kind.Text(s) {
	case "AWSService":
		return identity.Get("invokedBy").Value(s)
	case "AssumedRole", "FederatedUser":
		if issuer := identity.Path("sessionContext", "sessionIssuer", "userName"); issuer.Exists() {
			return issuer.Value(s)
		}
		return kind.Value(s)
	case "AWSAccount":
		return kind.Value(s)
	case "Root":
		if name := identity.Get("userName"); name.Exists() {
			return name.Value(s)
		}
		return kind.Value(s)
	}
	return identity.Get("userName").Value(s)
}

// sessionName is userName, but the session's name where a role is assumed: the
// part of the principal's id after the colon.
func sessionName(e *document.Event) event.Value {
	identity, s := e.Root.Get("userIdentity"), &e.Head.Scratch
	if identity.Get("type").Equal("AssumedRole") {
		if _, session, ok := strings.Cut(identity.Get("principalId").Text(s), ":"); ok {
			return event.Text(session)
		}
	}
	return userName(e)
}

func shortSource(e *document.Event) event.Value {
	source := e.Root.Get("eventSource")
	if !source.Exists() {
		return event.Value{}
	}
	return event.Text(strings.TrimSuffix(source.Text(&e.Head.Scratch), ".amazonaws.com"))
}

func objectURI(e *document.Event) event.Value {
	s := &e.Head.Scratch
	bucket, key := e.Root.Path("requestParameters", "bucketName"), e.Root.Path("requestParameters", "key")
	if !bucket.Exists() || !key.Exists() {
		return event.Value{}
	}
	return document.Concat(s, "s3://", bucket.Text(s), "/", key.Text(s))
}

const (
	bytesIn  = "bytesTransferredIn"
	bytesOut = "bytesTransferredOut"
)

// bytesOf adds what was transferred; missing where the record has none of it.
func bytesOf(names ...string) document.Getter {
	return func(e *document.Event) event.Value {
		var sum float64
		exists := false
		for _, name := range names {
			n := e.Root.Path("additionalEventData", name)
			if f, err := strconv.ParseFloat(n.Raw(), 64); err == nil && f > 0 {
				sum += f // records write whole numbers as 33.0
			}
			exists = exists || n.Kind() == jsondoc.Number
		}
		if !exists {
			return event.Value{}
		}
		return event.Uint(uint64(sum))
	}
}

func oneFor(name string) document.Getter {
	return func(e *document.Event) event.Value {
		if !e.Root.Get("eventName").Equal(name) {
			return event.Value{}
		}
		return event.Uint(1)
	}
}

func oneForOthers(e *document.Event) event.Value {
	if name := e.Root.Get("eventName"); name.Equal("GetObject") || name.Equal("PutObject") {
		return event.Value{}
	}
	return event.Uint(1)
}

// instanceName is the tag Name that a call gives an instance.
func instanceName(e *document.Event) event.Value {
	for item := range e.Root.Path("requestParameters", "tagSpecificationSet", "items").Items() {
		if !item.Get("resourceType").Equal("instance") {
			continue
		}
		for tag := range item.Get("tags").Items() {
			if tag.Get("key").Equal("Name") {
				return tag.Get("value").Value(&e.Head.Scratch)
			}
		}
	}
	return event.Value{}
}
