package conformance

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lannersec/lanner/source/document"
)

// auditFieldFiles have the values of every field of every event of the traces.
var auditFieldFiles = []string{auditOracle + "audit-fields.jsonl.gz", auditOracle + "cloudtrail-fields.jsonl"}

// auditFields compares the fields of documents' events. A case is a field; the
// traces are read once for all of them.
type auditFields struct {
	fields map[string]*auditField
}

// auditField is how the values of one field came out.
type auditField struct {
	Values, Different int
	first             error
}

// auditRow is a line of the files: an event and its values.
type auditRow struct {
	ID, Trace string
	Index     *int
	Fields    map[string]any
	Text      map[string]any
}

func (k *auditFields) find(corpus *Corpus) ([]Case, error) {
	k.fields = map[string]*auditField{}
	for _, file := range auditFieldFiles {
		if err := k.compareFile(corpus, file); err != nil {
			return nil, err
		}
	}
	var cases []Case
	for _, name := range sortedKeys(k.fields) {
		raw, err := json.Marshal(map[string]string{"field": name})
		if err != nil {
			return nil, err
		}
		base, arg, _ := strings.Cut(name, "[")
		id := "audit-fields/" + base + "/" + strings.TrimSuffix(arg, "]")
		cases = append(cases, Case{ID: id, Kind: "audit-fields", Raw: raw})
	}
	return cases, nil
}

func (k *auditFields) run(_ *Corpus, c Case) error {
	var want struct{ Field string }
	if err := c.Decode(&want); err != nil {
		return err
	}
	f := k.fields[want.Field]
	if f.Different == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d values differ, the first:\n%w", f.Different, f.Values, f.first)
}

func (k *auditFields) compareFile(corpus *Corpus, file string) error {
	if !corpus.Has(file) {
		return nil
	}
	rows, err := readAuditRows(corpus, file)
	if err != nil {
		return err
	}
	byTrace := map[string][]auditRow{}
	for _, row := range rows {
		if row.Index != nil {
			byTrace[row.Trace] = append(byTrace[row.Trace], row)
		}
	}
	for _, trace := range sortedKeys(byTrace) {
		if err := k.compareTrace(corpus, trace, byTrace[trace]); err != nil {
			return err
		}
	}
	return nil
}

// compareTrace compares the events of a trace, which are numbered in its order.
func (k *auditFields) compareTrace(corpus *Corpus, trace string, rows []auditRow) error {
	slices.SortFunc(rows, func(a, b auditRow) int { return *a.Index - *b.Index })
	at := 0
	err := readDocuments(corpus, trace, func(e *document.Event) {
		if at < len(rows) {
			k.compareEvent(e, rows[at])
		}
		at++
	})
	if err == nil && at != len(rows) {
		err = fmt.Errorf("%s: %d events, not %d", trace, at, len(rows))
	}
	return err
}

func (k *auditFields) compareEvent(e *document.Event, row auditRow) {
	for name, value := range row.Fields {
		f := k.fields[name]
		if f == nil {
			f = &auditField{}
			k.fields[name] = f
		}
		f.Values++
		if err := compareField(e, name, value, row.Text[name]); err != nil {
			f.Different++
			if f.first == nil {
				f.first = fmt.Errorf("%s: %w", row.ID, err)
			}
		}
	}
}

// compareField compares a field with its value, or where that is a time with the
// text that the reference shows.
func compareField(e *document.Event, name string, value, text any) error {
	if text != nil && strings.HasPrefix(name, "evt.") {
		value = text
	}
	got, err := documentField(e, name)
	if err != nil {
		return err
	}
	return compare(name, flatWant(value), got)
}

// readAuditRows reads a file of lines, packed or not.
func readAuditRows(corpus *Corpus, file string) ([]auditRow, error) {
	data, err := corpus.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var r io.Reader = bytes.NewReader(data)
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, err
		}
	}
	d := json.NewDecoder(r)
	d.UseNumber()
	var rows []auditRow
	for {
		var row auditRow
		err := d.Decode(&row)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}
