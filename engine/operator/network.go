package operator

import (
	"net/netip"
	"slices"

	"github.com/lannersec/lanner/engine/event"
)

// prefixOf is the network of a constant or value; an address is its own network.
func prefixOf(v *event.Value) netip.Prefix {
	if v.Kind() == event.KindNet {
		return v.Prefix()
	}
	addr := v.Addr()
	return netip.PrefixFrom(addr, addr.BitLen())
}

// holds tells whether the network holds the address or network v. A
// network of the other family holds nothing.
func holds(network, v *event.Value) bool {
	outer, inner := prefixOf(network), prefixOf(v)
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

func inNetwork(o order, network event.Value) Matcher {
	outer, want := prefixOf(&network), o == equal
	return func(v *event.Value) bool {
		inner := prefixOf(v)
		return (outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())) == want
	}
}

// networkSet holds many networks: one look-up for each prefix length in use.
type networkSet struct {
	networks map[netip.Prefix]struct{}
	lengths  []int
}

func newNetworkSet(consts []event.Value) *networkSet {
	s := &networkSet{networks: make(map[netip.Prefix]struct{}, len(consts))}
	for i := range consts {
		p := prefixOf(&consts[i]).Masked()
		s.networks[p] = struct{}{}
		if !slices.Contains(s.lengths, p.Bits()) {
			s.lengths = append(s.lengths, p.Bits())
		}
	}
	return s
}

func (s *networkSet) match(v *event.Value) bool {
	inner := prefixOf(v)
	for _, bits := range s.lengths {
		if bits > inner.Bits() {
			continue
		}
		p, err := inner.Addr().Prefix(bits)
		if err != nil {
			continue
		}
		if _, ok := s.networks[p]; ok {
			return true
		}
	}
	return false
}
