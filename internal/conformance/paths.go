package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/lannersec/lanner/engine/operator"
	"github.com/lannersec/lanner/identity/process"
)

// runPaths runs path_concat and prefix_search.
func runPaths(_ *Corpus, c Case) error {
	var want struct {
		Args   []caseText
		Paths  [][]caseText
		Query  caseText
		Expect json.RawMessage
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	switch c.Kind {
	case "path_concat":
		var expected caseText
		if err := json.Unmarshal(want.Expect, &expected); err != nil {
			return err
		}
		dir, path := string(want.Args[0]), string(want.Args[1])
		got := process.Join(dir, path)
		return compare(fmt.Sprintf("%q %q", dir, path), string(expected), got)
	case "prefix_search":
		var set operator.PathSet
		for _, path := range want.Paths {
			set.Add(string(path[0]))
		}
		return compare(want.Query, want.Expect, set.Match(string(want.Query)))
	}
	return fmt.Errorf("unknown kind %s", c.Kind)
}
