package field_test

import (
	"slices"
	"testing"

	"github.com/lannersec/lanner/engine/field"
)

func registry() *field.Registry {
	return field.NewRegistry([]field.Definition{
		{Name: "proc.name"},
		{Name: "evt.arg", Arg: field.ArgRequired | field.ArgKey},
		{Name: "evt.arg.special"},
	}, []field.Definition{{Name: "container.label", Arg: field.ArgOptional | field.ArgKey}})
}

func TestResolve(t *testing.T) {
	for _, tc := range []struct {
		text, name, arg string
		hasArg          bool
	}{
		{"proc.name", "proc.name", "", false},
		{"proc.name.x", "", "", false},
		{"evt.arg", "evt.arg", "", false},
		{"evt.arg.flags", "evt.arg", "flags", true},
		{"evt.arg.a.b", "evt.arg", "a.b", true},
		{"evt.arg.special", "evt.arg.special", "", false},
		{"container.label.app.kubernetes.io/name", "container.label", "app.kubernetes.io/name", true},
		{"", "", "", false},
		{".", "", "", false},
		{"proc", "", "", false},
	} {
		def, arg, hasArg := registry().Resolve(tc.text)
		name := ""
		if def != nil {
			name = def.Name
		}
		if name != tc.name || arg != tc.arg || hasArg != tc.hasArg {
			t.Errorf("%q: %q %q %v", tc.text, name, arg, hasArg)
		}
	}
}

func TestNames(t *testing.T) {
	if got := registry().Names(); !slices.Equal(got, []string{"proc.name", "evt.arg", "evt.arg.special", "container.label"}) {
		t.Errorf("table order: %q", got)
	}
	if got := registry().Sorted(); !slices.IsSorted(got) || len(got) != 4 {
		t.Errorf("sorted: %q", got)
	}
	if _, ok := registry().Lookup("evt.arg.flags"); ok {
		t.Error("Lookup takes an argument")
	}
}

func TestNewRegistryRefusesTwins(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	field.NewRegistry([]field.Definition{{Name: "a.b"}}, []field.Definition{{Name: "a.b"}})
}
