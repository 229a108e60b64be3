package syscall

import (
	"testing"

	"github.com/lannersec/lanner/engine/field"
)

func TestEveryFieldIsComplete(t *testing.T) {
	fields := Source().Fields()
	for _, name := range fields.Names() {
		def, _ := fields.Lookup(name)
		needsArg := def.Arg&field.ArgRequired != 0
		takesArg := def.Arg != field.ArgNone
		switch {
		case def.Desc == "" || def.Type == field.NoType:
			t.Errorf("%s: no description or type", name)
		case def.Missing != "":
			if def.Get != nil || def.Bind != nil {
				t.Errorf("%s: works and has a reason why it does not", name)
			}
		case !needsArg && def.Get == nil:
			t.Errorf("%s: no getter", name)
		case takesArg != (def.Bind != nil):
			t.Errorf("%s: argument mode %d and Bind do not fit", name, def.Arg)
		case takesArg && def.Arg&(field.ArgIndex|field.ArgKey) == 0:
			t.Errorf("%s: takes no kind of argument", name)
		}
	}
}
