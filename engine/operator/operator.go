package operator

import (
	"fmt"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// Matcher decides a comparison with constants for one value that is neither
// missing nor a list. It does not keep v.
type Matcher func(v *event.Value) bool

// Comparer decides a comparison of two values that are neither missing nor lists.
type Comparer func(a, b *event.Value) bool

// Operator is one row of the operator table.
type Operator struct {
	Name    string
	Doc     string // one sentence
	Example string // a condition on kernel events
	// Accepts is the classes that the operator compares.
	Accepts Class
	// OnList tells that a list field may stand on the left; every item must
	// match (EveryItem) or one.
	OnList    bool
	EveryItem bool
	// ListRight tells that the constants stand in parentheses.
	ListRight bool
	// Unary is exists: nothing stands on the right.
	Unary bool
	// Negative tells that a value of two ends matches only if both do.
	Negative bool
	Cost     Cost

	// parse reads a constant; nil means by the field's type.
	parse func(text string) (event.Value, error)
	// build makes the matcher for parsed constants: one, or any number if ListRight.
	build func(class Class, consts []event.Value) (Matcher, error)
	// compare makes the comparison with a value from the right side; nil means
	// that only constants may stand there.
	compare func(class Class) Comparer
}

// Cost orders the parts of a condition: what is cheap is asked first.
type Cost uint8

// The costs of comparing one value.
const (
	CostNone  Cost = 0  // the event's type
	CostValue Cost = 1  // numbers, equality, sets
	CostScan  Cost = 4  // reads the text once
	CostGlob  Cost = 8  // may read it several times
	CostRegex Cost = 32 // automaton
)

// table is all operators.
var table = []Operator{
	{Name: "exists", Doc: "The event has the value.", Example: "proc.name exists", Unary: true, OnList: true, Accepts: scalar | Other, Cost: CostValue},
	{Name: "=", Doc: "Equal; an address is in the network.", Example: "proc.name = nginx", Accepts: scalar, Cost: CostValue, build: buildOrder(equal), compare: compareOrder(equal)},
	{Name: "!=", Doc: "There is a value and it is not equal.", Example: "fd.sip != 127.0.0.1", Accepts: scalar, Negative: true, Cost: CostValue, build: buildOrder(less | greater), compare: compareOrder(less | greater)},
	{Name: "<", Doc: "Less, for text by bytes.", Example: "proc.pid < 100", Accepts: Text | number, Cost: CostValue, build: buildOrder(less), compare: compareOrder(less)},
	{Name: "<=", Doc: "Less or equal.", Example: "evt.rawres <= -1", Accepts: Text | number, Cost: CostValue, build: buildOrder(less | equal), compare: compareOrder(less | equal)},
	{Name: ">", Doc: "Greater, for text by bytes.", Example: "proc.duration > 1000000000", Accepts: Text | number, Cost: CostValue, build: buildOrder(greater), compare: compareOrder(greater)},
	{Name: ">=", Doc: "Greater or equal.", Example: "fd.num >= 0", Accepts: Text | number, Cost: CostValue, build: buildOrder(greater | equal), compare: compareOrder(greater | equal)},
	{Name: "in", Doc: "The value, or every item of a list, is one of the constants.", Example: "proc.name in (bash, sh, zsh)", Accepts: scalar, OnList: true, EveryItem: true, ListRight: true, Cost: CostValue, build: buildSet, compare: compareOrder(equal)},
	{Name: "intersects", Doc: "The value, or an item of a list, is one of the constants.", Example: "fd.types intersects (ipv4, ipv6)", Accepts: scalar, OnList: true, ListRight: true, Cost: CostValue, build: buildSet, compare: compareOrder(equal)},
	{Name: "contains", Doc: "The text has the constant in it.", Example: "proc.cmdline contains base64", Accepts: Text | Buffer, Cost: CostScan, build: buildText(contains), compare: compareText(contains)},
	{Name: "icontains", Doc: "As contains, ignoring the case of ASCII letters.", Example: "proc.cmdline icontains MINER", Accepts: Text, Cost: CostScan, build: buildFoldContains, compare: compareText(foldContains)},
	{Name: "startswith", Doc: "The text begins with the constant.", Example: "fd.name startswith /etc/", Accepts: Text | Buffer, Cost: CostValue, build: buildText(startsWith), compare: compareText(startsWith)},
	{Name: "endswith", Doc: "The text ends in the constant.", Example: "fd.name endswith .so", Accepts: Text | Buffer, Cost: CostValue, build: buildText(endsWith), compare: compareText(endsWith)},
	{Name: "bcontains", Doc: "The bytes have those of the hexadecimal constant in them.", Example: "evt.buffer bcontains 7f454c46", Accepts: Buffer, Cost: CostScan, parse: parseHex, build: buildText(contains), compare: compareText(contains)},
	{Name: "bstartswith", Doc: "The bytes begin with those of the hexadecimal constant.", Example: "evt.buffer bstartswith 7f454c46", Accepts: Buffer, Cost: CostValue, parse: parseHex, build: buildText(startsWith), compare: compareText(startsWith)},
	{Name: "glob", Doc: "The whole text matches a pattern of *, ? and [set]; * matches / too.", Example: "fd.name glob '/home/*/.ssh/*'", Accepts: Text, Cost: CostGlob, build: buildGlob(false), compare: compareText(globText)},
	{Name: "iglob", Doc: "As glob, ignoring the case of ASCII letters.", Example: "proc.name iglob '*miner*'", Accepts: Text, Cost: CostGlob, build: buildGlob(true), compare: compareText(iglobText)},
	{Name: "pmatch", Doc: "A path of the list, whose components may be patterns, is a prefix by whole components.", Example: "fd.name pmatch (/etc, /usr/*/bin)", Accepts: Text, ListRight: true, Cost: CostGlob, build: buildPaths},
	{Name: "regex", Doc: "The whole text matches the regular expression (RE2).", Example: "proc.name regex 'kworker/[0-9]+'", Accepts: Text, Cost: CostRegex, build: buildRegex},
}

// Operators lists all rows, for documentation.
func Operators() []Operator { return append([]Operator(nil), table...) }

// Lookup finds an operator by the way it is written; == is =.
func Lookup(name string) (*Operator, bool) {
	if name == "==" {
		name = "="
	}
	for i := range table {
		if table[i].Name == name {
			return &table[i], true
		}
	}
	return nil, false
}

// Check tells why a field of type t, or a list of such, cannot be compared with
// the operator.
func (o *Operator) Check(t field.Type, list bool) error {
	row := rowOf(t)
	switch {
	case o.Unary:
		return nil
	case list && !row.list:
		return fmt.Errorf("list filters are not supported for type '%s'", row.name)
	case list && !o.OnList:
		return fmt.Errorf("'%s' operator not supported for list filters", o.Name)
	case row.class == Other:
		return fmt.Errorf("'%s' operator not supported for type '%s'", o.Name, row.name)
	case o.Accepts&row.class == 0:
		return fmt.Errorf("'%s' operator not supported for %s filters", o.Name, classNames[row.class])
	}
	return nil
}

// Parse reads a constant that is compared with a field of type t.
func (o *Operator) Parse(t field.Type, text string) (event.Value, error) {
	if o.parse != nil {
		return o.parse(text)
	}
	return ParseConstant(t, text)
}

// Build makes the matcher for constants that Parse returned. A list operator
// takes any number of them, others take one.
func (o *Operator) Build(t field.Type, consts []event.Value) (Matcher, error) {
	return o.build(ClassOf(t), consts)
}

// Compares tells whether a field may stand on the right.
func (o *Operator) Compares() bool { return o.compare != nil }

// Comparer makes the comparison with values of type t from the right side.
func (o *Operator) Comparer(t field.Type) Comparer { return o.compare(ClassOf(t)) }
