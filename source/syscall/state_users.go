package syscall

import (
	"strings"

	"github.com/lannersec/lanner/identity/user"
)

// addUser is an event that tells of an account, in a container or on the host.
func (s *State) addUser(e *Event) {
	if s.Users != nil {
		s.Users.Add(optional(e, 5), user.User{
			UID: uint32(e.Uint(0)), GID: uint32(e.Uint(1)),
			Name: optional(e, 2), Home: optional(e, 3), Shell: optional(e, 4),
		})
	}
}

func (s *State) removeUser(e *Event) {
	if s.Users != nil {
		s.Users.Remove(optional(e, 5), uint32(e.Uint(0)))
	}
}

// addGroup is an event that tells of a group.
func (s *State) addGroup(e *Event) {
	if s.Users != nil {
		s.Users.AddGroup(optional(e, 2), user.Group{GID: uint32(e.Uint(0)), Name: optional(e, 1)})
	}
}

func (s *State) removeGroup(e *Event) {
	if s.Users != nil {
		s.Users.RemoveGroup(optional(e, 2), uint32(e.Uint(0)))
	}
}

// optional is a text parameter's copy, empty where the event has none.
func optional(e *Event, i int) string {
	if !e.HasParam(i) {
		return ""
	}
	return strings.Clone(cstring(e.Param(i)))
}
