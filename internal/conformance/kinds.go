package conformance

// Kinds are all kinds of cases that run, in the order in which they are
// reported: what a later kind needs is proven by an earlier one.
func Kinds() []Kind {
	captured := captureFields{read: map[string]*fieldTally{}}
	audited := auditFields{}
	return []Kind{
		{Name: "escaping", Files: []string{"filter-cases/escaping.jsonl"}, Run: runEscaping},
		{Name: "parse", Files: []string{"filter-cases/parse.jsonl"}, Run: runParse},
		{Name: "ast", Files: []string{"filter-cases/ast.jsonl"}, Run: runAST},
		{Name: "paths", Files: []string{"filter-cases/paths.jsonl"}, Run: runPaths},
		{Name: "transformers", Files: []string{"filter-cases/transformers.jsonl"}, Run: runTransformers},
		{Name: "operators-mock", Files: []string{"filter-cases/operators-mock.jsonl"}, Run: runOperators},
		{Name: "compile", Files: []string{"filter-cases/compile.jsonl"}, Run: runCompile},
		{Name: "evttype-sets", Files: []string{"filter-cases/evttype-sets.jsonl"}, Run: runEventTypes},
		{Name: "conditions", Files: []string{conditionFile}, Run: (&conditions{}).run},
		{Name: "misc-functions", Files: []string{"filter-cases/misc-functions.jsonl"}, Run: runFunction},
		{Name: "output-format", Files: []string{"filter-cases/output-format.jsonl"}, Run: runFormat},
		{Name: "event-params", Files: []string{"filter-cases/event-params.jsonl"}, Run: runParams},
		{Name: "process-state", Files: []string{"filter-cases/process-state.jsonl"}, Run: runState},
		{Name: "field-values", Files: []string{"filter-cases/field-values.jsonl"}, Takes: withoutPlugin, Run: runField},
		{Name: "eval", Files: []string{"filter-cases/eval.jsonl"}, Takes: withoutPlugin, Run: runEval},
		{Name: "rule-counts", Files: []string{ruleCountFile}, Run: runRuleCounts},
		{Name: "captures", Find: findCaptures, Run: runCapture},
		{Name: "capture-fields", Find: captured.find, Run: captured.run},
		{Name: "container-cgroups", Files: []string{"filter-cases/container-cgroups.jsonl"}, Run: runContainer},
		{Name: "rules-load", Files: []string{"filter-cases/rules-load.jsonl"}, Run: runRulesLoad},
		{Name: "rules-enable", Files: []string{"filter-cases/rules-enable.jsonl"}, Run: runEnable},
		{Name: "rules-macros", Files: []string{"filter-cases/rules-macros.jsonl"}, Takes: ofKind("macro_resolution"), Run: runMacros},
		{Name: "rules-details", Files: []string{"filter-cases/rules-macros.jsonl"}, Takes: ofKind("condition_details"), Run: runDetails},
		{Name: "rules-plugin-versions", Files: []string{"filter-cases/rules-plugin-versions.jsonl"}, Run: runPlugins},
		{Name: "rules-warnings", Files: []string{"filter-cases/rules-warnings.jsonl"}, Run: runWarnings},
		{Name: "detect", Files: expectationFiles, Takes: takesDetect, Run: runDetect},
		{Name: "json-fields", Files: []string{"filter-cases/json-fields.jsonl"}, Run: runJSONField},
		{Name: "audit-edge", Files: []string{auditOracle + "audit-edge.jsonl"}, Run: runAuditEdge},
		{Name: "audit-fields", Files: auditFieldFiles, Find: audited.find, Run: audited.run},
		{Name: "audit-load", Files: []string{auditOracle + "audit-rule-load.jsonl"}, Run: runAuditLoad},
		{Name: "audit-alerts", Files: []string{auditOracle + "audit-alerts.jsonl"}, Run: runAuditAlert},
		{Name: "audit-rule-counts", Files: []string{auditOracle + "audit-rule-counts.jsonl", auditOracle + "cloudtrail-rule-counts.jsonl"}, Run: runAuditCounts},
		{Name: "processor", Files: expectationFiles, Takes: takesProcessed, Run: runProcessed},
		{Name: "validate", Files: expectationFiles, Takes: takesValidate, Run: runValidate},
	}
}
