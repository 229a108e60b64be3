package conformance

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/syscall"
)

// expectationFiles are the tests of the reference as a whole.
var expectationFiles = []string{
	"expectations/legacy-core.jsonl", "expectations/legacy-exceptions.jsonl", "expectations/legacy-k8s_audit.jsonl",
	"expectations/legacy-plugins.jsonl", "expectations/legacy-traces.jsonl", "expectations/legacy-psp.jsonl",
	"expectations/testing-falco.jsonl", "expectations/testing-k8saudit.jsonl",
}

func ofKind(kind string) func(Case) bool {
	return func(c Case) bool { return c.Kind == kind }
}

// rulesConfig is what rules of a corpus are loaded with.
func rulesConfig() rules.Config {
	return rules.Config{Sources: catalog.All()}
}

// rendered is diagnostics as users read them.
func rendered(list diag.List) string {
	var b strings.Builder
	_ = list.Write(&b, diag.Options{})
	return b.String()
}

// macroCase is a case of rules-macros.jsonl about expansion.
type macroCase struct {
	Condition string
	Macros    map[string]string
	Resolved  []string
	Unknown   []string
	Result    string
}

func runMacros(_ *Corpus, c Case) error {
	var want macroCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	macros := map[string]filter.Node{}
	for name, text := range want.Macros {
		if n, err := filter.Parse(text); err == nil { // else a mock that no condition uses
			macros[name] = n
		}
	}
	n, err := filter.Parse(want.Condition)
	if err != nil {
		return err
	}
	expanded, resolved, unknown := rules.Expand(n, macros)
	if err := compare(want.Condition, nameSet(want.Resolved), nameSet(resolved)); err != nil {
		return err
	}
	if err := compare(want.Condition, nameSet(want.Unknown), nameSet(unknown)); err != nil {
		return err
	}
	result, err := filter.Parse(want.Result)
	if err != nil {
		return err
	}
	return compare(want.Condition, filter.Print(result), filter.Print(expanded))
}

// detailsCase is a case about the names in a condition.
type detailsCase struct {
	Expr                                           string
	Fields, Macros, Operators, Lists, Transformers []string
}

func runDetails(_ *Corpus, c Case) error {
	var want detailsCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	n, err := filter.Parse(want.Expr)
	if err != nil {
		return err
	}
	got := rules.DetailsOf(n, among(want.Macros), among(want.Lists))
	for _, pair := range [][2][]string{
		{want.Fields, got.Fields}, {want.Macros, got.Macros}, {want.Lists, got.Lists},
		{want.Operators, got.Operators}, {want.Transformers, got.Transformers},
	} {
		if pair[0] == nil {
			continue
		}
		if err := compare(want.Expr, nameSet(pair[0]), nameSet(pair[1])); err != nil {
			return err
		}
	}
	return nil
}

// pluginCase is a case of rules-plugin-versions.jsonl.
type pluginCase struct {
	Loaded    [][2]string `json:"loaded_plugins"`
	RulesYAML string      `json:"rules_yaml"`
	Expect    string      // satisfied, rejected
}

func runPlugins(_ *Corpus, c Case) error {
	var want pluginCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	cfg := rulesConfig()
	cfg.Plugins = []rules.Plugin{}
	for _, loaded := range want.Loaded {
		version, ok := rules.ParseVersion(loaded[1])
		if !ok {
			return fmt.Errorf("no version: %s", loaded[1])
		}
		cfg.Plugins = append(cfg.Plugins, rules.Plugin{Name: loaded[0], Version: version})
	}
	_, diags := rules.Load([]rules.File{{Name: "rules.yaml", Data: []byte(want.RulesYAML)}}, cfg)
	got := "satisfied"
	for _, d := range diags {
		if d.Severity == diag.Error || d.Code == diag.PluginVersion {
			got = "rejected"
		}
	}
	return compare(want.RulesYAML, want.Expect, got)
}

// warningCase is a case of rules-warnings.jsonl.
type warningCase struct {
	Expr   string
	Expect bool
}

func runWarnings(_ *Corpus, c Case) error {
	var want warningCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	n, err := filter.Parse(want.Expr)
	if err != nil {
		return err
	}
	return compare(want.Expr, want.Expect, len(compile.Warnings(n)) > 0)
}

// validateCase is a case of expectations/*.jsonl in which rules files are
// checked and nothing is matched.
type validateCase struct {
	ID       string
	Validate []string
	Expect   struct {
		Errors        []validateItem `json:"validate_errors"`
		Warnings      []validateItem `json:"validate_warnings"`
		OK            []string       `json:"validate_ok"`
		Successful    bool           `json:"validate_successful"`
		ErrorsCount   int            `json:"validate_errors_count"`
		WarningsCount *int           `json:"validate_warnings_count"`
		ExitStatus    *int           `json:"exit_status"`
	}
}

// validateItem is a diagnostic that must be reported.
type validateItem struct {
	Code     string
	ItemType string `json:"item_type"`
	ItemName string `json:"item_name"`
	Message  string
	Contains string `json:"message_contains"`
	Regex    string `json:"message_regex"`
}

func takesValidate(c Case) bool {
	var v validateCase
	return c.Decode(&v) == nil && len(v.Validate) > 0
}

func runValidate(corpus *Corpus, c Case) error {
	var want validateCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	var files []rules.File
	for _, name := range want.Validate {
		data, err := corpus.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, rules.File{Name: path.Base(name), Data: data})
	}
	// The reference's own tests run without plugins.
	_, diags := rules.Load(files, rules.Config{Sources: []field.Source{syscall.Source()}})
	if err := want.check(files, diags); err != nil {
		return &Mismatch{Input: strings.Join(want.Validate, " "), Expected: err.Error(), Got: rendered(diags)}
	}
	return nil
}

func (v *validateCase) check(files []rules.File, diags diag.List) error {
	errs, warnings := diags.Errors(), diags.Warnings()
	for _, item := range v.Expect.Errors {
		if !v.reported(item, errs) {
			return fmt.Errorf("error %+v", item)
		}
	}
	for _, item := range v.Expect.Warnings {
		if !v.reported(item, warnings) {
			return fmt.Errorf("warning %+v", item)
		}
	}
	if v.Expect.ExitStatus != nil && (*v.Expect.ExitStatus != 0) != (len(errs) > 0) {
		return fmt.Errorf("exit status %d", *v.Expect.ExitStatus)
	}
	// The reference stops at the first error; all are reported here.
	if len(errs) < v.Expect.ErrorsCount {
		return fmt.Errorf("%d errors", v.Expect.ErrorsCount)
	}
	if n := v.Expect.WarningsCount; n != nil && *n != len(warnings) {
		return fmt.Errorf("%d warnings", *n)
	}
	return v.checkFiles(files, errs)
}

// checkFiles wants files without errors.
func (v *validateCase) checkFiles(files []rules.File, errs diag.List) error {
	faulty := map[string]bool{}
	for _, d := range errs {
		faulty[d.Range.FileName()] = true
	}
	for _, name := range v.Expect.OK {
		if faulty[path.Base(name)] {
			return fmt.Errorf("%s without errors", name)
		}
	}
	if v.Expect.Successful && len(faulty) == len(files) {
		return fmt.Errorf("a file without errors")
	}
	return nil
}

func (v *validateCase) reported(want validateItem, list diag.List) bool {
	for _, d := range list {
		if v.matches(want, &d) {
			return true
		}
	}
	return false
}

// oldCodes are codes that have another name now.
var oldCodes = map[string]diag.Code{"LOAD_UNKNOWN_FIELD": diag.UnknownFilter}

func (v *validateCase) matches(want validateItem, d *diag.Diagnostic) bool {
	code := diag.Code(want.Code)
	if renamed, ok := oldCodes[want.Code]; ok {
		code = renamed
	}
	if code != d.Code || want.ItemType != "" && want.ItemType != d.Item.Kind ||
		want.ItemName != "" && want.ItemName != d.Item.Name {
		return false
	}
	// The wording of the legacy tests was changed later, that of YAML errors is
	// the parser's.
	if strings.HasPrefix(v.ID, "falco-legacy/") || code == diag.YAMLParse {
		return true
	}
	if want.Regex != "" && !regexp.MustCompile(want.Regex).MatchString(d.Summary) {
		return false
	}
	return (want.Message == "" || want.Message == d.Summary) && strings.Contains(d.Summary, want.Contains)
}
