package refdocs

import (
	"io"
	"strings"

	"github.com/lannersec/lanner/engine/operator"
)

// WriteOperators writes the reference of operators and transformers.
func WriteOperators(w io.Writer) error {
	p := &printer{w: w}
	p.printf("# Operators and transformers\n\n%s", generated)
	p.printf("A comparison of a missing value is false, `!=` too; so `not f = x` is true of it where `f != x` is false.\n\n" +
		"## Operators\n\n| operator | compares | meaning | example |\n| --- | --- | --- | --- |\n")
	for _, op := range operator.Operators() {
		p.printf("| `%s` | %s | %s | `%s` |\n", op.Name, classWords(op.Accepts, op.OnList), op.Doc, cell(op.Example))
	}
	p.printf("\n`==` is `=`. A field on the right stands in `val(…)` or under a transformer; pmatch and regex take constants only.\n" +
		"After a scalar operator, `oneof`, `anyof` and `allof` take a list of constants: exactly one, one or more, or all of\n" +
		"them must match.\n\n## Transformers\n\n| transformer | meaning | example |\n| --- | --- | --- |\n")
	for _, t := range operator.Transformers() {
		p.printf("| `%s` | %s | `%s` |\n", t.Name, t.Doc, cell(t.Example))
	}
	return p.err
}

// classWordings are the classes of values in words.
var classWordings = []struct {
	class operator.Class
	word  string
}{
	{operator.Text, "text"},
	{operator.Buffer, "bytes"},
	{operator.Signed | operator.Unsigned | operator.Double, "numbers"},
	{operator.Bool, "true or false"},
	{operator.Address, "addresses"},
	{operator.Network, "networks"},
	{operator.Other, "anything else"},
}

func classWords(accepts operator.Class, lists bool) string {
	var words []string
	for _, c := range classWordings {
		if accepts&c.class != 0 {
			words = append(words, c.word)
		}
	}
	if lists {
		words = append(words, "lists")
	}
	return strings.Join(words, ", ")
}
