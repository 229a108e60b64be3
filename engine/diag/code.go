package diag

// Code names a kind of diagnostic. The LOAD_ codes are those of the rule
// language's reference implementation, so that tools which know them go on
// working; the LANNER_ codes are ours.
type Code string

// Codes of errors.
const (
	FileRead         Code = "LOAD_ERR_FILE_READ"
	YAMLParse        Code = "LOAD_ERR_YAML_PARSE"
	YAMLValidate     Code = "LOAD_ERR_YAML_VALIDATE"
	CompileCondition Code = "LOAD_ERR_COMPILE_CONDITION"
	CompileOutput    Code = "LOAD_ERR_COMPILE_OUTPUT"
	Validate         Code = "LOAD_ERR_VALIDATE"
)

// Codes of warnings.
const (
	UnknownSource      Code = "LOAD_UNKNOWN_SOURCE"
	UnsafeNACheck      Code = "LOAD_UNSAFE_NA_CHECK"
	NoEventType        Code = "LOAD_NO_EVTTYPE"
	UnknownFilter      Code = "LOAD_UNKNOWN_FILTER"
	UnusedMacro        Code = "LOAD_UNUSED_MACRO"
	UnusedList         Code = "LOAD_UNUSED_LIST"
	UnknownItem        Code = "LOAD_UNKNOWN_ITEM"
	DeprecatedItem     Code = "LOAD_DEPRECATED_ITEM"
	AppendNoValues     Code = "LOAD_APPEND_NO_VALUES"
	ExceptionNotUnique Code = "LOAD_EXCEPTION_NAME_NOT_UNIQUE"
	InvalidMacroName   Code = "LOAD_INVALID_MACRO_NAME"
	InvalidListName    Code = "LOAD_INVALID_LIST_NAME"
	ConditionWarning   Code = "LOAD_COMPILE_CONDITION"
	UnknownKey         Code = "LOAD_UNKNOWN_KEY"
)

// Codes of warnings that the reference does not have.
const (
	SchemaType    Code = "LANNER_VALUE_TYPE"
	DuplicateKey  Code = "LANNER_DUPLICATE_KEY"
	PluginVersion Code = "LANNER_PLUGIN_VERSION"
	NeverTrue     Code = "LANNER_NEVER_TRUE"
	ShadowedRule  Code = "LANNER_SHADOWED_RULE"
	WeakException Code = "LANNER_WEAK_EXCEPTION"
	FieldNoValue  Code = "LANNER_FIELD_WITHOUT_VALUE"
	ListLoop      Code = "LANNER_LIST_LOOP"
)

// CodeInfo is what there is to know of a code.
type CodeInfo struct {
	Code     Code
	Severity Severity
	Text     string // what it stands for, in a few words
}

var codes = []CodeInfo{
	{FileRead, Error, "The file cannot be read"},
	{YAMLParse, Error, "The file is not valid YAML"},
	{YAMLValidate, Error, "The YAML does not have the shape of a rules file"},
	{CompileCondition, Error, "The condition cannot be compiled"},
	{CompileOutput, Error, "The output cannot be compiled"},
	{Validate, Error, "A rule, macro, list or exception is wrong"},
	{UnknownSource, Warning, "No such event source; the rule is left out"},
	{UnsafeNACheck, Warning, "A comparison with `<NA>` on a field whose missing value never reads so"},
	{NoEventType, Warning, "The rule looks at too many event types"},
	{UnknownFilter, Warning, "An unknown field or event type; the rule is left out"},
	{UnusedMacro, Warning, "No rule or macro uses the macro"},
	{UnusedList, Warning, "No rule, macro or list uses the list"},
	{UnknownItem, Warning, "An item that is neither rule, macro nor list"},
	{DeprecatedItem, Warning, "Something that is on its way out of the language"},
	{AppendNoValues, Warning, "An exception is appended without values"},
	{ExceptionNotUnique, Warning, "Two exceptions of a rule have the same name"},
	{InvalidMacroName, Warning, "A macro name that conditions cannot always use"},
	{InvalidListName, Warning, "A list name that conditions cannot always use"},
	{ConditionWarning, Warning, "A condition that probably does not mean what it says"},
	{UnknownKey, Warning, "A key that this kind of item does not have"},
	{SchemaType, Warning, "A value of another type than the key asks for"},
	{DuplicateKey, Warning, "A key that stands twice"},
	{PluginVersion, Warning, "A required plugin is not there, or is too old"},
	{NeverTrue, Warning, "A condition that is true for no event"},
	{ShadowedRule, Warning, "A rule that another one always pre-empts"},
	{WeakException, Warning, "An exception on a value that the watched process chooses"},
	{FieldNoValue, Warning, "A field that never has a value here"},
	{ListLoop, Warning, "Lists that contain each other"},
}

// Lint tells that the code is of what is legal and probably not meant; it is
// reported only where that is asked for.
func (i CodeInfo) Lint() bool {
	return i.Code == NeverTrue || i.Code == ShadowedRule || i.Code == WeakException
}

// Codes lists all codes, errors first. The caller must not change it.
func Codes() []CodeInfo { return codes }

// Text says in a few words what the code stands for.
func (c Code) Text() string {
	for _, info := range codes {
		if info.Code == c {
			return info.Text
		}
	}
	return ""
}
