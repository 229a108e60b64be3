package filter

// opClass tells what may stand on the right of an operator.
type opClass uint8

const (
	opUnary  opClass = iota // nothing
	opNumber                // a number or a transformer
	opString                // a string, a transformer, or a modifier and a list
	opList                  // a list, a list's name or a transformer
)

// operatorSyntax is one operator as the lexer knows it. What operators mean is
// engine/operator's table.
type operatorSyntax struct {
	text  string
	class opClass
	word  bool // a blank must follow
}

// operators is in lexing order: of two that share a prefix the longer stands
// first. "in" and its class need no blank after them: a.b in(x) is legal.
var operators = []operatorSyntax{
	{"exists", opUnary, false},
	{"<=", opNumber, false},
	{"<", opNumber, false},
	{">=", opNumber, false},
	{">", opNumber, false},
	{"==", opString, false},
	{"=", opString, false},
	{"!=", opString, false},
	{"glob", opString, true},
	{"iglob", opString, true},
	{"contains", opString, true},
	{"icontains", opString, true},
	{"bcontains", opString, true},
	{"startswith", opString, true},
	{"bstartswith", opString, true},
	{"endswith", opString, true},
	{"regex", opString, true},
	{"intersects", opList, false},
	{"in", opList, false},
	{"pmatch", opList, false},
}

// modifiers turn a string operator into one over a list.
var modifiers = []string{"oneof", "anyof", "allof"}

// val is the transformer that makes a field of what would be a constant. It
// takes exactly one field and stands only on the right-hand side.
const val = "val"

// transformers can stand on both sides.
var transformers = []string{"tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt"}

// Operators lists the operators that the language knows.
func Operators() []string {
	names := make([]string, len(operators))
	for i, op := range operators {
		names[i] = op.text
	}
	return names
}

// Modifiers lists the words that may follow a string operator.
func Modifiers() []string { return append([]string(nil), modifiers...) }

// Transformers lists the transformers that the language knows, val first.
func Transformers() []string { return append([]string{val}, transformers...) }
