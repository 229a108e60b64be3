package predicate

// Predicate is the situations in which some rule can match events of a type. It
// is not changed once it is made.
type Predicate struct{ Clauses []Clause }

// Maybe tells whether some rule can match in the situation.
func (p *Predicate) Maybe(s *Situation) bool {
	for i := range p.Clauses {
		if p.Clauses[i].Maybe(s) {
			return true
		}
	}
	return false
}

// Open tells that nothing can be decided before an event is collected.
func (p *Predicate) Open() bool {
	for i := range p.Clauses {
		if p.Clauses[i].Open() {
			return true
		}
	}
	return false
}
