package rules

import (
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/lannersec/lanner/engine/diag"
)

// The constructors of diagnostics. Each kind of problem has one, and where
// tests and users know the reference implementation's words, the summary has
// them too.

func fault(code diag.Code, at diag.Range, of diag.Item, summary, detail string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: code, Range: at, Item: of, Summary: summary, Detail: detail}
}

func warn(code diag.Code, at diag.Range, of diag.Item, summary, detail string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Warning, Code: code, Range: at, Item: of, Summary: summary, Detail: detail}
}

// sentence makes a remedy of the syntax or the compiler, which is half a
// sentence, a whole one. Names at its beginning stay as they are.
func sentence(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if s == "" || strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if last, _ := utf8.DecodeLastRuneInString(s); strings.ContainsRune(".?!…", last) {
		return s
	}
	return s + "."
}

// ofRule says of what is wrong with an exception which rule it is in.
func ofRule(d diag.Diagnostic, rule diag.Item) diag.Diagnostic {
	if d.Item.Kind == "exception" && d.Context == nil {
		d.Context = []diag.Frame{{Item: d.Item}, {Item: rule}}
	}
	return d
}

var contentItem = diag.Item{Kind: "rules content"}

func errYAML(at diag.Range, text string) diag.Diagnostic {
	return fault(diag.YAMLParse, at, contentItem, text, "The file could not be read past this place.")
}

func errTooManyNodes(at diag.Range) diag.Diagnostic {
	return fault(diag.YAMLParse, at, contentItem, "aliases make the file too large",
		"Aliases of aliases multiply. Write lists as list items and name them in conditions.")
}

func errNotArray(at diag.Range) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, contentItem, "Rules content is not yaml array of objects",
		"A rules file is a sequence: begin each rule, macro and list with \"- \".")
}

func errNotYAML(at diag.Range) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, contentItem, "Rules content is not yaml",
		"A rules file is a sequence: begin each rule, macro and list with \"- \".")
}

func errNotMapping(at diag.Range) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, diag.Item{Kind: "rules content item"},
		"Unexpected element type. Each element should be a yaml associative array.",
		"Write a mapping with a rule, macro or list key.")
}

func errNoKey(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Item has no mapping for key '"+key+"'",
		"Add the key "+key+" with a value.")
}

func errEmptyKey(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Mapping for key '"+key+"' is empty", "Give "+key+" a value.")
}

func errNotScalar(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Value is not a scalar value", "The key "+key+" takes one text, not a sequence or a mapping.")
}

func errEmptyText(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Value must be non-empty", "Give "+key+" a text, or leave the key out.")
}

func errBadScalar(at diag.Range, of diag.Item, key, want string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Can't decode YAML scalar value", "The key "+key+" takes "+want+".")
}

func errNotSequence(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Value is not a sequence", "Write "+key+" as [a, b] or as lines that begin with \"- \".")
}

func errItemNotScalar(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "sequence value is not scalar", "Each entry of "+key+" is one text; write null and ~ in quotes.")
}

func errOverrideNotMapping(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Value of override must be a mapping", "Write a line key: append or key: replace for each key.")
}

func errNotAppendable(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Key '"+key+"' cannot be appended to, use 'replace' instead", "")
}

func errNotReplaceable(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Key '"+key+"' cannot be replaced", "Take it out of override.")
}

func errOverrideOperation(at diag.Range, of diag.Item, key, operation string, allowed []string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of,
		fmt.Sprintf("Invalid override operation for key '%s': '%s'. Allowed values are: %s", key, operation, strings.Join(allowed, " ")), "")
}

func errAppendAndOverride(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Keys 'override' and 'append: true' cannot be used together",
		"Take append out and say condition: append (or items: append) under override.")
}

func errOverrideUndefined(at diag.Range, of diag.Item, operation, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of,
		fmt.Sprintf("An %s override for '%s' was specified but '%s' is not defined", operation, key, key),
		"Add the key "+key+", or take it out of override.")
}

func errUnexpectedKey(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of,
		"Unexpected key '"+key+"': no corresponding entry under 'override' is defined.",
		"Say under override what to do with "+key+": append or replace.")
}

func errPriority(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Invalid priority", "The priorities are "+strings.Join(priorityNames[:], ", ")+".")
}

func errEngineVersion(at diag.Range, of diag.Item, text string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of,
		fmt.Sprintf("Unable to parse engine version '%s' as a semver string. Expected \"x.y.z\" semver format.", text), "")
}

func errEngineTooOld(at diag.Range, of diag.Item, text string) diag.Diagnostic {
	return fault(diag.Validate, at, of,
		fmt.Sprintf("Rules require engine version %s, but engine version is %s", text, EngineVersion),
		"Use a release of the rules that was made for this version, or a newer Lanner.")
}

func errNotASequence(at diag.Range, of diag.Item, what string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, what+" must be a sequence", "")
}

func errNotAMapping(at diag.Range, of diag.Item, what string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, what+" must be a mapping", "")
}

func errPluginVersion(at diag.Range, of diag.Item, text string) diag.Diagnostic {
	return fault(diag.Validate, at, of,
		fmt.Sprintf("Invalid required version '%s' for plugin '%s'", text, of.Name), "Write x.y.z.")
}

func errPluginTwice(at diag.Range, of diag.Item, name string) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Defined multiple alternative version requirements for plugin '"+name+"'", "Keep one of them.")
}

func warnPluginMissing(at diag.Range, of diag.Item, wants []requirement) diag.Diagnostic {
	texts := make([]string, len(wants))
	for i, w := range wants {
		texts[i] = w.name + " " + w.version.String()
	}
	return warn(diag.PluginVersion, at, of, "no plugin satisfies "+strings.Join(texts, " or "),
		"Rules of sources that are missing here are left out.")
}

func errNoPrevious(at diag.Range, of diag.Item, summary string) diag.Diagnostic {
	return fault(diag.Validate, at, of, summary,
		"Files load in order: put the definition of this "+of.Kind+" before what changes it, and compare the names.")
}

const (
	noPreviousList    = "List uses 'append' or 'override.items: append' but no list by that name already exists"
	noPreviousMacro   = "Macro uses 'append' or 'override.condition: append' but no macro by that name already exists"
	noPreviousAppend  = "Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists"
	noPreviousReplace = "An 'override.<key>: replace' to a rule was requested but no rule by that name already exists"
	noPreviousEnable  = "Rule has 'enabled' key but no rule by that name already exists"
)

func errAppendNothing(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Appended rule must have exceptions or condition property", "")
}

func errOtherSource(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Rule has been re-defined with a different source",
		"A rule belongs to one source. Give the rule for the other source a name of its own.")
}

func errExceptionShape(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Value of "+key+" must be a text or a list of texts", "")
}

func errExceptionDeep(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.YAMLValidate, at, of, "Exception values are nested too deeply",
		"A value is a text, a list with one entry for each field, or in such a list a list of texts.")
}

func errExceptionNoFields(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Rule exception must have fields property with a list of fields",
		"The rule has no exception of this name, so this one must be complete: add fields, or compare the names.")
}

func errExceptionNoValues(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Rule exception must have values property with a list of values", "")
}

func errExceptionFieldsAppended(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Can not append exception "+key+" to existing exception, only values",
		"Take "+key+" out; the values go with the fields that the exception has.")
}

func errExceptionCompsLen(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Fields and comps lists must have equal length", "Write one comparison for each field.")
}

func errExceptionValuesLen(at diag.Range, of diag.Item, fields, values int) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Fields and values lists must have equal length",
		fmt.Sprintf("The exception has %d fields, this entry has %d values.", fields, values))
}

func errExceptionComp(at diag.Range, of diag.Item, comp string, all iter.Seq[string]) diag.Diagnostic {
	d := fault(diag.Validate, at, of, "'"+comp+"' is not a supported comparison operator", "")
	d.Suggest = diag.Suggest(comp, all)
	return d
}

func errExceptionField(at diag.Range, of diag.Item, field string, all iter.Seq[string]) diag.Diagnostic {
	d := fault(diag.Validate, at, of, "'"+field+"' is not a supported filter field", "")
	d.Suggest = diag.Suggest(field, all)
	return d
}

func errExceptionBothText(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Fields and comps must both be strings", "Where fields is one field, comps is one operator.")
}

func errExceptionSingleComp(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of,
		"When fields is a single value, comps must be one of (in, pmatch, intersects)",
		"Write fields and comps as lists to use another operator.")
}

func errExceptionListValue(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of, "Expected values array to contain a list of strings",
		"Where fields is one field, each entry of values is one text.")
}

func errMacroUndefined(at diag.Range, of diag.Item, name string, all iter.Seq[string]) diag.Diagnostic {
	d := fault(diag.Validate, at, of, "Undefined macro '"+name+"' used in filter.",
		"A word that is neither field nor operator names a macro. A macro sees only macros that are defined before it.")
	d.Suggest = diag.Suggest(name, all)
	return d
}

func errMacroLoop(at diag.Range, of diag.Item, name string) diag.Diagnostic {
	return fault(diag.Validate, at, of, "reference loop in macro '"+name+"'",
		"The macro contains itself by way of the macros that it uses.")
}

func errListTooLarge(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.Validate, at, of, fmt.Sprintf("lists of lists have more than %d items", maxListItems),
		"Lists of lists multiply: name each list once.")
}

func errListsTooLarge(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.CompileCondition, at, of, fmt.Sprintf("the lists have more than %d items", maxTextItems),
		"Name large lists once, in a macro.")
}

func errMacroTooLarge(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.CompileCondition, at, of, fmt.Sprintf("expands to more than %d comparisons", maxExpansion),
		"Macros of macros multiply. Use lists where only values differ.")
}

func errRulesTooLarge(at diag.Range, of diag.Item) diag.Diagnostic {
	return fault(diag.CompileCondition, at, of, "the rules take more room than is allowed",
		"Macros and lists are compiled wherever they are used. This rule and those after it are not compiled: "+
			"take large lists out of macros that many rules use.")
}

func errCondition(at diag.Range, of diag.Item, message, remedy string) diag.Diagnostic {
	return fault(diag.CompileCondition, at, of, message, remedy)
}

func errOutput(at diag.Range, of diag.Item, message, remedy string) diag.Diagnostic {
	return fault(diag.CompileOutput, at, of, message, remedy)
}

func warnUnknownItem(at diag.Range) diag.Diagnostic {
	return warn(diag.UnknownItem, at, diag.Item{Kind: "rules content item"}, "Unknown top level item",
		"An item has one of the keys rule, macro, list, required_engine_version and required_plugin_versions.")
}

func warnUnknownKey(at diag.Range, of diag.Item, key string, known iter.Seq[string]) diag.Diagnostic {
	d := warn(diag.UnknownKey, at, of, "Unknown key '"+key+"'", "It has no effect.")
	d.Suggest = diag.Suggest(key, known)
	return d
}

func warnKeyTwice(at diag.Range, of diag.Item, key string) diag.Diagnostic {
	return warn(diag.DuplicateKey, at, of, "key '"+key+"' stands twice", "The first one counts.")
}

func warnType(at diag.Range, of diag.Item, key, want string) diag.Diagnostic {
	return warn(diag.SchemaType, at, of, "the value of '"+key+"' is not "+want, "It is read as one. Write it without quotes.")
}

func warnAppend(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.DeprecatedItem, at, of,
		"'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' instead.", "")
}

func warnEnabled(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.DeprecatedItem, at, of,
		"The standalone 'enabled' key usage is deprecated. The correct approach requires also a 'replace' entry under the 'override' key (i.e. 'enabled: replace').", "")
}

func warnMacroName(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.InvalidMacroName, at, of,
		"Macro has an invalid name. Macro names should match a regular expression: "+macroName.String(),
		"Conditions may not recognise the name as one word.")
}

func warnListName(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.InvalidListName, at, of,
		"List has an invalid name. List names should match a regular expression: "+listName.String(),
		"Conditions do not recognise the name as one word.")
}

func warnExceptionTwice(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.ExceptionNotUnique, at, of, "Multiple definitions of exception '"+of.Name+"' in the same rule",
		"Both hold, and values that are appended go to the first. Give them names of their own.")
}

func warnNoValues(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.AppendNoValues, at, of, "Overriding/appending exception with no values", "It changes nothing: add values.")
}

func warnUnknownSource(at diag.Range, of diag.Item, source string, all iter.Seq[string]) diag.Diagnostic {
	d := warn(diag.UnknownSource, at, of, "Unknown source "+source+", skipping", "The rule is not loaded.")
	d.Suggest = diag.Suggest(source, all)
	return d
}

func warnUnknownFilter(at diag.Range, of diag.Item, message string) diag.Diagnostic {
	return warn(diag.UnknownFilter, at, of, message, "The rule has skip-if-unknown-filter and is not loaded.")
}

func warnUnusedMacro(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.UnusedMacro, at, of, "Macro not referred to by any other rule/macro", "")
}

func warnUnusedList(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.UnusedList, at, of, "List not referred to by any other rule/macro", "")
}

func warnListLoop(at diag.Range, of diag.Item, name string) diag.Diagnostic {
	return warn(diag.ListLoop, at, of, "list '"+name+"' contains itself", "The name stays in the list as a plain value.")
}

func warnTooManyTypes(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.NoEventType, at, of,
		"Rule matches too many evt.type values. This has a significant performance penalty.",
		"Begin the condition with evt.type = … or evt.type in (…), or set warn_evttypes: false.")
}

func warnContainerInfo(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.DeprecatedItem, at, of, "%container.info is deprecated and no more useful",
		"Detections carry what is known of the container by themselves. Take it out of the output.")
}

func warnDeprecatedOutput(at diag.Range, of diag.Item, field string) diag.Diagnostic {
	return warn(diag.DeprecatedItem, at, of, "usage of deprecated field '"+field+"' has been detected in the rule output",
		"Take it out of the output.")
}
