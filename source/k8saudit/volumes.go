package k8saudit

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

const volumes = "/requestObject/spec/volumes/*"

var (
	allVolumes = jsondoc.MustPath(volumes)
	volumeList = jsondoc.MustPointer("/requestObject/spec/volumes")
)

// volumeTypes reads the types: a volume has its name and, under the name of its
// type, the rest.
func volumeTypes(only int) document.Getter {
	return func(e *document.Event) event.Value {
		s := &e.Head.Scratch
		values := s.Values(8)
		allVolumes.Each(e.Root, only, func(volume jsondoc.Node) {
			for name := range volume.Members() {
				if !name.Equal("name") {
					values = append(values, name.Value(s))
				}
			}
		})
		if len(values) == 0 {
			return event.Value{}
		}
		return event.ListOf(s.Keep(values))
	}
}

func bindVolumeTypes(arg string) (field.Getter, error) {
	i, err := document.Index(arg)
	if err != nil {
		return nil, err
	}
	return document.Field(volumeTypes(i)), nil
}

// bindHostPath compares the paths of volumes with one, or with the beginning of one.
func bindHostPath(arg string) (field.Getter, error) {
	prefix, isPrefix := strings.CutSuffix(arg, "*")
	matches := func(path string) bool { return path == arg }
	if isPrefix {
		matches = func(path string) bool { return strings.HasPrefix(path, prefix) }
	}
	return document.Field(func(e *document.Event) event.Value {
		list := volumeList.Find(e.Root)
		if list.Kind() != jsondoc.Array {
			return event.Value{}
		}
		for volume := range list.Items() {
			path := volume.Path("hostPath", "path")
			if path.Exists() && matches(path.Text(&e.Head.Scratch)) {
				return truth(true)
			}
		}
		return truth(false)
	}), nil
}
