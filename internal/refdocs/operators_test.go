package refdocs

import (
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/operator"
	"github.com/lannersec/lanner/source/syscall"
)

// TestExamplesCompile: what the reference shows must work.
func TestExamplesCompile(t *testing.T) {
	var examples []string
	for _, op := range operator.Operators() {
		examples = append(examples, op.Example)
	}
	for _, tr := range operator.Transformers() {
		examples = append(examples, tr.Example)
	}
	for _, text := range examples {
		node, err := filter.Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if _, problems := compile.NewPlan(syscall.Source()).Condition(node); len(problems) > 0 {
			t.Errorf("%q: %v", text, &problems[0])
		}
	}
}
