package k8saudit

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// subjectNamed makes the names of subjects of a kind.
func subjectNamed(kind string) document.Make {
	return func(subject jsondoc.Node, s *event.Scratch) event.Value {
		if !subject.Get("kind").Equal(kind) {
			return event.Value{}
		}
		return subject.Get("name").Value(s)
	}
}

func accountInNamespace(subject jsondoc.Node, s *event.Scratch) event.Value {
	namespace, name := subject.Get("namespace"), subject.Get("name")
	if !subject.Get("kind").Equal("ServiceAccount") || !namespace.Exists() || !name.Exists() {
		return event.Value{}
	}
	return document.Concat(s, namespace.Text(s), ":", name.Text(s))
}

func bindHasName(arg string) (field.Getter, error) {
	all := jsondoc.MustPointer("/requestObject/subjects")
	return document.Field(func(e *document.Event) event.Value {
		list := all.Find(e.Root)
		if list.Kind() != jsondoc.Array {
			return event.Value{}
		}
		for subject := range list.Items() {
			if subject.Get("name").Equal(arg) {
				return truth(true)
			}
		}
		return truth(false)
	}), nil
}

// truth is a truth value as text, which all fields of this source are.
func truth(b bool) event.Value {
	if b {
		return event.Text("true")
	}
	return event.Text("false")
}

// podName is the name that the response gives a pod.
func podName(e *document.Event) event.Value {
	target := e.Root.Get("objectRef")
	if !target.Get("resource").Equal("pods") || target.Get("subresource").Exists() {
		return event.Value{}
	}
	return e.Root.Path("responseObject", "metadata", "name").Value(&e.Head.Scratch)
}

func configMapName(e *document.Event) event.Value {
	target := e.Root.Get("objectRef")
	if !target.Get("resource").Equal("configmaps") {
		return event.Value{}
	}
	return target.Get("name").Value(&e.Head.Scratch)
}

// repository is an image without digest and tag. A colon before the last slash
// belongs to the registry's port.
func repository(image jsondoc.Node, s *event.Scratch) event.Value {
	if !image.Exists() {
		return event.Value{}
	}
	text, _, _ := strings.Cut(image.Text(s), "@")
	if i := strings.LastIndexByte(text, ':'); i > strings.LastIndexByte(text, '/') {
		text = text[:i]
	}
	return event.Text(text)
}

// anyPrivileged tells whether one of the containers is privileged.
func anyPrivileged(e *document.Event) event.Value {
	list := e.Root.Path("requestObject", "spec", "containers")
	if list.Kind() != jsondoc.Array {
		return event.Value{}
	}
	for container := range list.Items() {
		if container.Path("securityContext", "privileged").Kind() == jsondoc.True {
			return truth(true)
		}
	}
	return truth(false)
}
