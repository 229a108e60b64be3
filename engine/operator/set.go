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

// sign tells apart -1 and the unsigned number of the same bits.
type sign uint8

const (
	positive sign = 1 << iota
	negative
)

func signOf(v *event.Value) sign {
	if isNegative(v) {
		return negative
	}
	return positive
}

func numberSet(class Class, consts []event.Value) Matcher {
	if class == Double || len(consts) <= smallSet {
		return func(v *event.Value) bool {
			for i := range consts {
				if compareNumbers(v, &consts[i]) == 0 {
					return true
				}
			}
			return false
		}
	}
	items := make(map[uint64]sign, len(consts))
	for i := range consts {
		items[consts[i].Uint()] |= signOf(&consts[i])
	}
	return func(v *event.Value) bool { return items[v.Uint()]&signOf(v) != 0 }
}
