package operator

import "github.com/lannersec/lanner/engine/event"

// buildSet makes the matcher of in and intersects for one item.
func buildSet(class Class, consts []event.Value) (Matcher, error) {
	switch {
	case len(consts) == 0:
		return func(*event.Value) bool { return false }, nil
	case len(consts) == 1:
		return buildOrder(equal)(class, consts)
	case class == Network:
		return newNetworkSet(consts).match, nil
	case class&(Text|Buffer|Address) != 0:
		return textSet(consts), nil
	}
	return numberSet(class, consts), nil
}

// smallSet is up to how many items comparing them one by one beats hashing.
const smallSet = 6

func textSet(consts []event.Value) Matcher {
	if len(consts) <= smallSet {
		items := make([]string, len(consts))
		for i := range consts {
			items[i] = consts[i].Str()
		}
		return func(v *event.Value) bool {
			text := v.Str()
			for _, item := range items {
				if item == text {
					return true
				}
			}
			return false
		}
	}
	items := make(map[string]struct{}, len(consts))
	longest := 0
	for i := range consts {
		items[consts[i].Str()] = struct{}{}
		longest = max(longest, len(consts[i].Str()))
	}
	return func(v *event.Value) bool {
		text := v.Str()
		if len(text) > longest {
			return false
		}
		_, ok := items[text]
		return ok
	}
}

// numberKey tells apart -1 and the unsigned number of the same bits.
type numberKey struct {
	bits     uint64
	negative bool
}

func keyOf(v *event.Value) numberKey { return numberKey{v.Uint(), isNegative(v)} }

func numberSet(class Class, consts []event.Value) Matcher {
	if class == Double {
		return func(v *event.Value) bool {
			for i := range consts {
				if compareNumbers(v, &consts[i]) == 0 {
					return true
				}
			}
			return false
		}
	}
	if len(consts) <= smallSet {
		items := make([]numberKey, len(consts))
		for i := range consts {
			items[i] = keyOf(&consts[i])
		}
		return func(v *event.Value) bool {
			key := keyOf(v)
			for _, item := range items {
				if item == key {
					return true
				}
			}
			return false
		}
	}
	items := make(map[numberKey]struct{}, len(consts))
	for i := range consts {
		items[keyOf(&consts[i])] = struct{}{}
	}
	return func(v *event.Value) bool {
		_, ok := items[keyOf(v)]
		return ok
	}
}
