package ruletest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/user"
)

// declare makes what a declaration describes.
func (m *machine) declare(d *Declare) error {
	switch d.Kind {
	case "user":
		return m.declareUser(d)
	case "group":
		return m.declareGroup(d)
	case "container":
		return m.declareContainer(d)
	}
	return m.declareProcess(d)
}

// apply sets each attribute by its row in a table.
func apply[T any](table map[string]func(*machine, *T, string) error, m *machine, to *T, attrs []Attr) error {
	for _, a := range attrs {
		set, ok := table[a.Key]
		if !ok {
			return fmt.Errorf("unknown key %q; there are %s", a.Key, keysOf(table))
		}
		if err := set(m, to, a.Value); err != nil {
			return fmt.Errorf("%s=%s: %w", a.Key, a.Value, err)
		}
	}
	return nil
}

func keysOf[V any](table map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(table)), ", ")
}

// setText, setNumber and setTruth make rows for simple attributes.

func setText[T any](field func(*T) *string) func(*machine, *T, string) error {
	return func(_ *machine, to *T, v string) error {
		*field(to) = v
		return nil
	}
}

func setNumber[T any, N int64 | uint32 | uint64](field func(*T) *N) func(*machine, *T, string) error {
	return func(_ *machine, to *T, v string) error {
		n, err := strconv.ParseInt(v, 0, 64)
		*field(to) = N(n)
		return err
	}
}

func setTruth[T any](field func(*T) *bool) func(*machine, *T, string) error {
	return func(_ *machine, to *T, v string) error {
		b, err := strconv.ParseBool(v)
		*field(to) = b
		return err
	}
}

var userAttrs = map[string]func(*machine, *user.User, string) error{
	"uid":   setNumber(func(u *user.User) *uint32 { return &u.UID }),
	"gid":   setNumber(func(u *user.User) *uint32 { return &u.GID }),
	"home":  setText(func(u *user.User) *string { return &u.Home }),
	"shell": setText(func(u *user.User) *string { return &u.Shell }),
}

func (m *machine) declareUser(d *Declare) error {
	u := user.User{Name: d.Name, UID: 1000, GID: 1000, Home: "/home/" + d.Name, Shell: "/bin/bash"}
	if err := apply(userAttrs, m, &u, d.Attrs); err != nil {
		return err
	}
	m.addUser(u)
	return nil
}

var groupAttrs = map[string]func(*machine, *user.Group, string) error{
	"gid": setNumber(func(g *user.Group) *uint32 { return &g.GID }),
}

func (m *machine) declareGroup(d *Declare) error {
	g := user.Group{Name: d.Name, GID: 1000}
	if err := apply(groupAttrs, m, &g, d.Attrs); err != nil {
		return err
	}
	m.addGroup(g)
	return nil
}

var containerAttrs = map[string]func(*machine, *container.Info, string) error{
	"id":           setContainerID,
	"type":         setText(func(c *container.Info) *string { return &c.Type }),
	"image":        setImage,
	"digest":       setText(func(c *container.Info) *string { return &c.ImageDigest }),
	"privileged":   setTruth(func(c *container.Info) *bool { return &c.Privileged }),
	"host_pid":     setTruth(func(c *container.Info) *bool { return &c.HostPID }),
	"host_network": setTruth(func(c *container.Info) *bool { return &c.HostNetwork }),
	"host_ipc":     setTruth(func(c *container.Info) *bool { return &c.HostIPC }),
	"ip":           setText(func(c *container.Info) *string { return &c.IP }),
	"mount":        addMount,
	"label":        addLabel,
	"pod":          setText(func(c *container.Info) *string { return &c.Pod.Name }),
	"pod_uid":      setText(func(c *container.Info) *string { return &c.Pod.UID }),
	"pod_label":    addPodLabel,
	"namespace":    setText(func(c *container.Info) *string { return &c.Pod.Namespace }),
	"healthcheck":  setHealthcheck,
	"known":        setTruth(func(c *container.Info) *bool { return &c.Known }),
}

func setHealthcheck(_ *machine, c *container.Info, text string) error {
	c.Healthcheck = strings.Fields(text)
	return nil
}

// declareContainer makes a container; its id is made from its name where none
// is given.
func (m *machine) declareContainer(d *Declare) error {
	c := &container.Info{Name: d.Name, Type: "docker", Known: true, Started: m.clock - uint64(time.Hour)}
	id := fmt.Sprintf("%x", d.Name)
	_ = setContainerID(m, c, (id + strings.Repeat("0", 64))[:64]) // cannot fail
	if err := apply(containerAttrs, m, c, d.Attrs); err != nil {
		return err
	}
	m.containers[d.Name] = c
	for _, u := range m.users {
		m.accounts.Add(c.ID, u)
	}
	for _, g := range m.groups {
		m.accounts.AddGroup(c.ID, g)
	}
	return nil
}

func setContainerID(_ *machine, c *container.Info, id string) error {
	c.FullID, c.ID = id, container.ShortID(id)
	return nil
}

// setImage reads repository[:tag].
func setImage(_ *machine, c *container.Info, ref string) error {
	c.Image, c.ImageRepo, c.ImageTag = ref, ref, "latest"
	if colon := strings.LastIndexByte(ref, ':'); colon > strings.LastIndexByte(ref, '/') {
		c.ImageRepo, c.ImageTag = ref[:colon], ref[colon+1:]
	}
	return nil
}

// addMount reads source:destination[:mode].
func addMount(_ *machine, c *container.Info, v string) error {
	parts := strings.Split(v, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return fmt.Errorf("want SOURCE:DESTINATION or SOURCE:DESTINATION:MODE")
	}
	mount := container.Mount{Source: parts[0], Dest: parts[1], RW: true}
	if len(parts) == 3 {
		mount.Mode, mount.RW = parts[2], !strings.Contains(parts[2], "ro")
	}
	c.Mounts = append(c.Mounts, mount)
	return nil
}

func parseLabel(v string) (container.Label, error) {
	key, value, ok := strings.Cut(v, "=")
	if !ok {
		return container.Label{}, fmt.Errorf("want label=KEY=VALUE")
	}
	return container.Label{Key: key, Value: value}, nil
}

func addLabel(_ *machine, c *container.Info, v string) error {
	l, err := parseLabel(v)
	c.Labels = append(c.Labels, l)
	return err
}

func addPodLabel(_ *machine, c *container.Info, v string) error {
	l, err := parseLabel(v)
	c.Pod.Labels = append(c.Pod.Labels, l)
	return err
}
