package engine_test

import (
	"fmt"
	"os"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/internal/fake"
	"github.com/lannersec/lanner/engine/rules"
)

func Example() {
	source := fake.Syscall()
	e := engine.New(engine.Options{Config: rules.Config{Sources: []field.Source{source}}})
	report := e.Load([]rules.File{{Name: "rules.yaml", Data: []byte(`
- list: readers
  items: [cat, less]
- rule: Secrets read
  desc: A program that shows files opened the shadow file.
  condition: evt.type in (open, openat) and fd.name = /etc/shadow and proc.name in (readers)
  output: "%proc.name opened %fd.name"
  priority: WARNING
`)}})
	if !report.Loaded {
		fmt.Println(report.Diagnostics.Err())
		return
	}
	evaluator, err := e.Evaluator(source.Name())
	if err != nil {
		fmt.Println(err)
		return
	}
	open, _ := source.Types().Lookup("openat")
	evaluator.Process(&event.Event{Type: open, Payload: fake.Values{
		"fd.name": event.Text("/etc/shadow"), "proc.name": event.Text("cat"),
	}}, func(d *engine.Detection) {
		fmt.Printf("%s %s: %s\n", d.Rule.Priority, d.Rule.Name, d.Output)
	})
	// Output: Warning Secrets read: cat opened /etc/shadow
}

func Example_diagnostics() {
	e := engine.New(engine.Options{Config: rules.Config{Sources: []field.Source{fake.Syscall()}}})
	report := e.Load([]rules.File{{Name: "rules.yaml", Data: []byte(`
- macro: opened
  condition: evt.type in (open, opneat)
- rule: Secrets read
  desc: The shadow file was opened.
  condition: >
    opened
    and fd.nmae = /etc/shadow
  output: "%proc.name opened %fd.name"
  priority: WARNING
`)}})
	_ = report.Diagnostics.Write(os.Stdout, diag.Options{})
	// Output:
	// rules.yaml:3:33: error: unknown event type opneat [LOAD_ERR_COMPILE_CONDITION]
	//     3 |   condition: evt.type in (open, opneat)
	//       |                                 ^^^^^^
	//         in macro opened, used by rule "Secrets read"
	//         Did you mean openat?
	// rules.yaml:8:9: error: filter_check called with nonexistent field fd.nmae [LOAD_ERR_COMPILE_CONDITION]
	//     8 |     and fd.nmae = /etc/shadow
	//       |         ^^^^^^^
	//         in rule "Secrets read"
	//         Did you mean fd.name?
}
