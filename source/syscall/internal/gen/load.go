package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// schema is the content of the TSV files.
type schema struct {
	events []eventRow
	types  []typeRow
	values []valueTable
}

type eventRow struct {
	num            int
	name           string
	enter          bool
	category, kind string
	flags          []string
	params         []paramRow
}

type paramRow struct {
	name, typ, format string
	values            string // table of names
	dyn               string // table of dynamic types
	dirfd             int    // index of the directory descriptor, -1: none
}

type typeRow struct {
	name, kind string
	code       int // -1: none
}

type valueTable struct {
	name string
	rows []valueRow
}

type valueRow struct {
	name  string
	value uint64
}

func load(dir string) (*schema, error) {
	s := &schema{}
	for _, file := range []struct {
		name string
		row  func([]string) error
	}{
		{"events.tsv", s.addEvent},
		{"types.tsv", s.addType},
		{"values.tsv", s.addValue},
	} {
		if err := eachRow(filepath.Join(dir, file.name), file.row); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// eachRow calls row for every line but comments and the heading.
func eachRow(path string, row func([]string) error) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	heading := true
	for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if heading {
			heading = false
			continue
		}
		if err := row(strings.Split(line, "\t")); err != nil {
			return fmt.Errorf("%s:%d: %w", path, i+1, err)
		}
	}
	return nil
}

func (s *schema) addEvent(c []string) error {
	if len(c) != 7 {
		return fmt.Errorf("%d columns, want 7", len(c))
	}
	num, err := strconv.Atoi(c[0])
	if err != nil {
		return err
	}
	e := eventRow{num: num, name: c[1], enter: c[2] == "enter", category: c[3], kind: c[4]}
	if c[5] != "-" {
		e.flags = strings.Split(c[5], ",")
	}
	if c[6] != "-" {
		for _, text := range strings.Fields(c[6]) {
			p, err := parseParam(text)
			if err != nil {
				return err
			}
			e.params = append(e.params, p)
		}
	}
	s.events = append(s.events, e)
	return nil
}

func parseParam(text string) (paramRow, error) {
	parts := strings.Split(text, ":")
	if len(parts) < 3 || len(parts) > 4 {
		return paramRow{}, fmt.Errorf("parameter %q: want name:type:format[:extra]", text)
	}
	p := paramRow{name: parts[0], typ: parts[1], format: parts[2], dirfd: -1}
	if len(parts) == 3 {
		return p, nil
	}
	extra := parts[3]
	if index, ok := strings.CutPrefix(extra, "dirfd="); ok {
		var err error
		p.dirfd, err = strconv.Atoi(index)
		return p, err
	}
	if table, ok := strings.CutPrefix(extra, "dyn="); ok {
		p.dyn = table
		return p, nil
	}
	p.values = extra
	return p, nil
}

func (s *schema) addType(c []string) error {
	if len(c) != 3 {
		return fmt.Errorf("%d columns, want 3", len(c))
	}
	t := typeRow{name: c[0], kind: c[1], code: -1}
	if c[2] != "-" {
		var err error
		if t.code, err = strconv.Atoi(c[2]); err != nil {
			return err
		}
	}
	s.types = append(s.types, t)
	return nil
}

func (s *schema) addValue(c []string) error {
	if len(c) != 3 {
		return fmt.Errorf("%d columns, want 3", len(c))
	}
	n, err := strconv.ParseUint(c[2], 0, 64)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(s.values, func(t valueTable) bool { return t.name == c[0] })
	if i < 0 {
		s.values = append(s.values, valueTable{name: c[0]})
		i = len(s.values) - 1
	}
	s.values[i].rows = append(s.values[i].rows, valueRow{c[1], n})
	return nil
}
