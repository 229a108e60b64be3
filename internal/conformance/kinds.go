package conformance

// Kinds are all kinds of cases that run, in the order in which they are
// reported: what a later kind needs is proven by an earlier one.
func Kinds() []Kind {
	return []Kind{
		{Name: "escaping", Files: []string{"filter-cases/escaping.jsonl"}, Run: runEscaping},
		{Name: "parse", Files: []string{"filter-cases/parse.jsonl"}, Run: runParse},
		{Name: "ast", Files: []string{"filter-cases/ast.jsonl"}, Run: runAST},
		{Name: "container-cgroups", Files: []string{"filter-cases/container-cgroups.jsonl"}, Run: runContainer},
	}
}
