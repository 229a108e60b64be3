package user

import "maps"

// maxPlaces bounds how many containers' accounts a Table keeps.
const maxPlaces = 4096

// Set replaces all accounts of a container, "" for the host. Containers beyond
// the bound are refused: their users stay unknown.
func (t *Table) Set(container string, users []User, groups []Group) bool {
	a := &accounts{make(map[uint32]User, len(users)), make(map[uint32]Group, len(groups))}
	for _, u := range users {
		if _, twice := a.users[u.UID]; !twice { // the first line of a file counts
			a.users[u.UID] = u
		}
	}
	for _, g := range groups {
		if _, twice := a.groups[g.GID]; !twice {
			a.groups[g.GID] = g
		}
	}
	return t.put(container, func(*accounts) *accounts { return a })
}

// Add adds or replaces one account, as an event tells of it.
func (t *Table) Add(container string, u User) bool {
	return t.put(container, func(a *accounts) *accounts {
		a = a.clone()
		a.users[u.UID] = u
		return a
	})
}

// AddGroup adds or replaces one group.
func (t *Table) AddGroup(container string, g Group) bool {
	return t.put(container, func(a *accounts) *accounts {
		a = a.clone()
		a.groups[g.GID] = g
		return a
	})
}

// Remove takes an account out.
func (t *Table) Remove(container string, uid uint32) {
	t.put(container, func(a *accounts) *accounts {
		a = a.clone()
		delete(a.users, uid)
		return a
	})
}

// RemoveGroup takes a group out.
func (t *Table) RemoveGroup(container string, gid uint32) {
	t.put(container, func(a *accounts) *accounts {
		a = a.clone()
		delete(a.groups, gid)
		return a
	})
}

// Forget drops all accounts of a container that is gone.
func (t *Table) Forget(container string) {
	t.put(container, func(*accounts) *accounts { return nil })
}

// put replaces a container's accounts by what change makes of them; nil drops
// them.
func (t *Table) put(container string, change func(*accounts) *accounts) bool {
	for {
		old := t.accounts.Load()
		next := map[string]*accounts{}
		if old != nil {
			next = maps.Clone(*old)
		}
		if a := change(next[container]); a == nil {
			delete(next, container)
		} else if _, there := next[container]; !there && len(next) >= maxPlaces {
			return false
		} else {
			next[container] = a
		}
		if t.accounts.CompareAndSwap(old, &next) {
			return true
		}
	}
}

// clone copies the accounts; those of nil are empty.
func (a *accounts) clone() *accounts {
	if a == nil {
		return &accounts{map[uint32]User{}, map[uint32]Group{}}
	}
	return &accounts{maps.Clone(a.users), maps.Clone(a.groups)}
}
