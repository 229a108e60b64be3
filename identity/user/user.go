// Package user knows the users and groups of the host and of its containers by
// their numbers.
package user

import (
	"maps"
	"slices"
	"sync/atomic"
)

// Unknown is the text of a name, home or shell that is not known.
const Unknown = "<NA>"

// User is an account.
type User struct {
	UID, GID          uint32
	Name, Home, Shell string
}

// Group is a group of accounts.
type Group struct {
	GID  uint32
	Name string
}

// Table finds accounts by number. Lookups take no lock and never read a file,
// so that they can stand in the path of events; changes copy. The zero Table
// knows root only. It may be used by several goroutines.
type Table struct {
	accounts atomic.Pointer[map[string]*accounts]
}

// accounts are the users and groups of the host or of one container. They are
// immutable once a Table holds them.
type accounts struct {
	users  map[uint32]User
	groups map[uint32]Group
}

var (
	root      = User{Name: "root", Home: "/root"}
	rootGroup = Group{Name: "root"}
)

// User is the account of uid in a container, "" for the host.
func (t *Table) User(container string, uid uint32) (User, bool) {
	if a := t.of(container); a != nil {
		if u, ok := a.users[uid]; ok {
			return u, true
		}
	}
	if uid == 0 {
		return root, true
	}
	return User{UID: uid, Name: Unknown, Home: Unknown, Shell: Unknown}, false
}

// Group is the group of gid in a container, "" for the host.
func (t *Table) Group(container string, gid uint32) (Group, bool) {
	if a := t.of(container); a != nil {
		if g, ok := a.groups[gid]; ok {
			return g, true
		}
	}
	if gid == 0 {
		return rootGroup, true
	}
	return Group{GID: gid, Name: Unknown}, false
}

func (t *Table) of(container string) *accounts {
	all := t.accounts.Load()
	if all == nil {
		return nil
	}
	return (*all)[container]
}

// All lists the accounts of a container, "" for the host, in the order of their
// numbers.
func (t *Table) All(container string) (users []User, groups []Group) {
	a := t.of(container)
	if a == nil {
		return nil, nil
	}
	for _, uid := range slices.Sorted(maps.Keys(a.users)) {
		users = append(users, a.users[uid])
	}
	for _, gid := range slices.Sorted(maps.Keys(a.groups)) {
		groups = append(groups, a.groups[gid])
	}
	return users, groups
}
