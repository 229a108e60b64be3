package otelmap

import "github.com/lannersec/lanner/engine/event"

// fields are a detection's values by field name.
type fields map[string]event.Value

// text is the value as text, empty where the field has no value.
func (f fields) text(name string) string { return f[name].Str() }

// known tells whether v says something: an event's unknown text reads "<NA>",
// which is for people and has no place in an attribute.
func known(v event.Value) bool {
	if v.Kind() == event.KindText {
		return v.Str() != "" && v.Str() != "<NA>"
	}
	return v.Exists()
}

func onFile(f fields) bool {
	t := f.text(fieldFDType)
	return t == "file" || t == "directory"
}

func onUnixSocket(f fields) bool { return f.text(fieldFDType) == "unix" }

func onIPSocket(f fields) bool {
	t := f.text(fieldFDType)
	return t == "ipv4" || t == "ipv6"
}

// inContainer tells a container's process from a host's, whose container id
// reads "host".
func inContainer(f fields) bool {
	id := f.text(fieldContainerID)
	return id != "" && id != "host" && id != "<NA>"
}
