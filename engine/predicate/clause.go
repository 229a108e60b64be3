package predicate

import "slices"

// Clause is a situation in which a rule can match: every feature has one of some
// values, and every text passes one of some tests.
type Clause struct {
	Allow [MaxFeatures]Values
	Texts [MaxTexts]Atoms
}

// Situation is what the capture side found out about an event.
type Situation struct {
	Features [MaxFeatures]uint8
	Texts    [MaxTexts]Known
}

func everything() Clause {
	var c Clause
	for i := range c.Allow {
		c.Allow[i] = anyValue
	}
	return c
}

// Open tells that the clause asks for nothing.
func (c *Clause) Open() bool {
	for i := range c.Allow {
		if c.Allow[i] != anyValue {
			return false
		}
	}
	return c.texts() == 0
}

// Maybe tells whether the situation fits.
func (c *Clause) Maybe(s *Situation) bool {
	for i, v := range s.Features {
		if c.Allow[i]&(1<<v) == 0 {
			return false
		}
	}
	for i := range s.Texts {
		if !c.Texts[i].Match(&s.Texts[i]) {
			return false
		}
	}
	return true
}

// and narrows the clause by another; false if nothing is left.
func (c Clause) and(o *Clause) (Clause, bool) {
	for i := range c.Allow {
		c.Allow[i] &= o.Allow[i]
		if c.Allow[i]&^(1<<Unknown) == 0 {
			return c, false
		}
	}
	for i := range c.Texts {
		c.Texts[i] = both(c.Texts[i], o.Texts[i])
		if c.Texts[i] != nil && len(c.Texts[i]) == 0 {
			return c, false
		}
	}
	return c, true
}

// or widens the clause so that it holds another.
func (c *Clause) or(o *Clause) {
	for i := range c.Allow {
		c.Allow[i] |= o.Allow[i]
	}
	for i := range c.Texts {
		c.Texts[i] = either(c.Texts[i], o.Texts[i])
	}
}

// texts has a bit for each text that the clause tests.
func (c *Clause) texts() (set uint8) {
	for i := range c.Texts {
		if c.Texts[i] != nil {
			set |= 1 << i
		}
	}
	return set
}

// holds tells, for clauses that are easily compared, that c fits whatever o does.
func (c *Clause) holds(o *Clause) bool {
	for i := range c.Allow {
		if o.Allow[i]&^c.Allow[i] != 0 {
			return false
		}
	}
	for i := range c.Texts {
		if c.Texts[i] != nil && !slices.Equal(c.Texts[i], o.Texts[i]) {
			return false
		}
	}
	return true
}
