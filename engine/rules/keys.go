package rules

import "iter"

// itemKind is what an entry of a rules file, or a part of one, is.
type itemKind uint8

const (
	itemList itemKind = 1 << iota
	itemMacro
	itemRule
	itemException
	itemPlugin
)

// shape is what a key's value must be.
type shape uint8

const (
	shapeText shape = iota
	shapeBool
	shapeNumber
	shapeSeq
	shapeMap
	shapeAny // checked where it is read
)

// keyInfo is a key that items can have.
type keyInfo struct {
	name  string
	of    itemKind // which items have it
	shape shape
	// append and replace tell which items' override may name it.
	append, replace itemKind
}

// keys is every key of the rule language.
var keys = []keyInfo{
	{"rule", itemRule, shapeText, 0, 0},
	{"macro", itemMacro, shapeText, 0, 0},
	{"list", itemList, shapeText, 0, 0},
	{"condition", itemRule | itemMacro, shapeText, itemRule | itemMacro, itemRule | itemMacro},
	{"output", itemRule, shapeText, itemRule, itemRule},
	{"desc", itemRule, shapeText, itemRule, itemRule},
	{"tags", itemRule, shapeSeq, itemRule, itemRule},
	{"exceptions", itemRule, shapeSeq, itemRule, itemRule},
	{"priority", itemRule, shapeText, 0, itemRule},
	{"enabled", itemRule, shapeBool, 0, itemRule},
	{"warn_evttypes", itemRule, shapeBool, 0, itemRule},
	{"skip-if-unknown-filter", itemRule, shapeBool, 0, itemRule},
	{"capture", itemRule, shapeBool, 0, itemRule},
	{"capture_duration", itemRule, shapeNumber, 0, itemRule},
	{"source", itemRule, shapeText, 0, 0},
	{"items", itemList, shapeSeq, itemList, itemList},
	{"append", itemRule | itemMacro | itemList, shapeBool, 0, 0},
	{"override", itemRule | itemMacro | itemList, shapeMap, 0, 0},
	{"name", itemException | itemPlugin, shapeText, 0, 0},
	{"fields", itemException, shapeAny, 0, 0},
	{"comps", itemException, shapeAny, 0, 0},
	{"values", itemException, shapeSeq, 0, 0},
	{"version", itemPlugin, shapeText, 0, 0},
	{"alternatives", itemPlugin, shapeSeq, 0, 0},
}

// keyOf finds a key of a kind of item.
func keyOf(kind itemKind, name string) (keyInfo, bool) {
	for _, k := range keys {
		if k.name == name && k.of&kind != 0 {
			return k, true
		}
	}
	return keyInfo{}, false
}

// keysOf lists the keys of a kind of item.
func keysOf(kind itemKind) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, k := range keys {
			if k.of&kind != 0 && !yield(k.name) {
				return
			}
		}
	}
}

// KnownKey tells whether any item of a rules file has the key.
func KnownKey(name string) bool {
	for _, k := range keys {
		if k.name == name {
			return true
		}
	}
	return false
}
