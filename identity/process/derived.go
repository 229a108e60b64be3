package process

import "strings"

// derived are texts made from a thread's names and arguments. They are made
// when a rule first asks, and again after a setter changed what they are from.
type derived struct {
	version uint32
	cmdline string // comm and arguments
	exeline string // argv[0] and arguments
	env     string
}

// fresh is the thread's derived texts, emptied if they are out of date.
func (t *Thread) fresh() *derived {
	if t.derived.version != t.version {
		t.derived = derived{version: t.version}
	}
	return &t.derived
}

// Cmdline is the name given at exec and the arguments, with spaces between.
func (t *Thread) Cmdline() string {
	if len(t.Args) == 0 {
		return t.Comm
	}
	d := t.fresh()
	if d.cmdline == "" {
		d.cmdline = join(t.Comm, t.Args)
	}
	return d.cmdline
}

// Exeline is argv[0] and the arguments, with spaces between.
func (t *Thread) Exeline() string {
	if len(t.Args) == 0 {
		return t.Exe
	}
	d := t.fresh()
	if d.exeline == "" {
		d.exeline = join(t.Exe, t.Args)
	}
	return d.exeline
}

// Arguments is the arguments, without argv[0], with spaces between.
func (t *Thread) Arguments() string {
	if len(t.Args) == 0 {
		return ""
	}
	return t.Cmdline()[len(t.Comm)+1:]
}

// Environ is the environment, with spaces between its variables.
func (t *Thread) Environ() string {
	if len(t.Env) == 0 {
		return ""
	}
	d := t.fresh()
	if d.env == "" {
		d.env = strings.Join(t.Env, " ")
	}
	return d.env
}

// Getenv is the value of a variable of the environment.
func (t *Thread) Getenv(name string) (string, bool) {
	for _, v := range t.Env {
		if len(v) > len(name) && v[len(name)] == '=' && v[:len(name)] == name {
			return strings.TrimSpace(v[len(name)+1:]), true
		}
	}
	return "", false
}

func join(first string, rest []string) string {
	n := len(first)
	for _, s := range rest {
		n += 1 + len(s)
	}
	var b strings.Builder
	b.Grow(n)
	b.WriteString(first)
	for _, s := range rest {
		b.WriteByte(' ')
		b.WriteString(s)
	}
	return b.String()
}
