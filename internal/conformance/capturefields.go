package conformance

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// fieldOracle is the directory with the values of every event of a capture: a
// file for each capture, with its path and an ending.
const (
	fieldOracle = "oracle/capture-fields"
	oracleEnd   = ".jsonl.gz"
)

// captureFields compares fields of captures' events. A case is a field of a
// capture; the captures are read once for all their fields.
type captureFields struct {
	read map[string]*fieldTally // by capture
}

// fieldTally is how the values of a capture came out.
type fieldTally struct {
	fields map[string]*fieldCount
	err    error
}

// fieldCount counts the values of one field.
type fieldCount struct {
	Values, Different int
	first             *Mismatch
}

// find makes the cases: each field that any capture has a value of.
func (k *captureFields) find(corpus *Corpus) ([]Case, error) {
	files, err := oracleFiles(corpus)
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, file := range files {
		tally, err := k.tally(corpus, file)
		if err != nil {
			return nil, err
		}
		for _, field := range sortedKeys(tally.fields) {
			raw, err := json.Marshal(map[string]string{"file": file, "field": field})
			if err != nil {
				return nil, err
			}
			id := "capture-fields/" + strings.TrimSuffix(file, oracleEnd) + "/" + field
			cases = append(cases, Case{ID: id, Kind: "capture-fields", Raw: raw})
		}
	}
	return cases, nil
}

func oracleFiles(corpus *Corpus) ([]string, error) {
	if !corpus.Has(fieldOracle) {
		return nil, nil
	}
	var files []string
	root := corpus.Path(fieldOracle)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, oracleEnd) {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	})
	return files, err
}

// run is the comparison of one field of one capture.
func (k *captureFields) run(corpus *Corpus, c Case) error {
	var want struct{ File, Field string }
	if err := c.Decode(&want); err != nil {
		return err
	}
	tally, err := k.tally(corpus, want.File)
	if err != nil {
		return err
	}
	count := tally.fields[want.Field]
	if count.Different == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d values differ, the first:\n%w", count.Different, count.Values, count.first)
}

// tally compares a capture with its file, once.
func (k *captureFields) tally(corpus *Corpus, file string) (*fieldTally, error) {
	if known := k.read[file]; known != nil {
		return known, known.err
	}
	t := &fieldTally{fields: map[string]*fieldCount{}}
	t.err = t.compare(corpus, file)
	k.read[file] = t
	return t, t.err
}

func (t *fieldTally) compare(corpus *Corpus, file string) error {
	events, err := readOracle(corpus.Path(fieldOracle + "/" + file))
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, values := range events {
		for name := range values {
			names[name] = true
		}
	}
	fields := newFieldReader(sortedKeys(names))
	for _, name := range fields.names {
		t.fields[name] = &fieldCount{}
	}
	err = replay(corpus, "captures/"+strings.TrimSuffix(file, oracleEnd), func(e *syscall.Event) {
		values := events[e.Head.Num]
		delete(events, e.Head.Num)
		fields.ctx.Begin(&e.Head)
		for i, name := range fields.names {
			t.fields[name].add(e, values[name], fields.text(i))
		}
	})
	if err == nil && len(events) > 0 {
		err = fmt.Errorf("%s: %d events did not come", file, len(events))
	}
	return err
}

// add compares a value; nil is none.
func (c *fieldCount) add(e *syscall.Event, want, got any) {
	if want == nil && got == nil {
		return
	}
	c.Values++
	if want == got {
		return
	}
	c.Different++
	if c.first == nil {
		c.first = &Mismatch{Input: fmt.Sprintf("event %d, %s", e.Head.Num, e.Name()), Expected: want, Got: got}
	}
}

// readOracle reads the values of all events, as text, by the events' numbers.
func readOracle(path string) (map[uint64]map[string]any, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: nothing is lost
	plain, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	events := map[uint64]map[string]any{}
	d := json.NewDecoder(bufio.NewReader(plain))
	d.UseNumber()
	for {
		var values map[string]any
		err := d.Decode(&values)
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		for name, v := range values {
			values[name] = fmt.Sprint(v)
		}
		var num uint64
		if _, err := fmt.Sscan(fmt.Sprint(values["evt.num"]), &num); err != nil {
			return nil, err
		}
		events[num] = values
	}
}

// fieldReader reads fields of events as text.
type fieldReader struct {
	names []string
	refs  []*compile.Ref
	ctx   *compile.Context
}

// newFieldReader plans the fields; one that does not exist has no values.
func newFieldReader(names []string) *fieldReader {
	r := &fieldReader{names: names, refs: make([]*compile.Ref, len(names))}
	plan := compile.NewPlan(syscall.Source())
	for i, name := range names {
		if ref, err := plan.Value(name); err == nil {
			r.refs[i] = ref
		}
	}
	r.ctx = plan.NewContext()
	return r
}

// text is the i-th field's text, nil where it has no value.
func (r *fieldReader) text(i int) any {
	if r.refs[i] == nil {
		return nil
	}
	v := r.refs[i].Get(r.ctx)
	if !v.Exists() {
		return nil
	}
	return strings.ToValidUTF8(v.String(), "\ufffd") // as the file has it
}

// replay reads a capture of the corpus and gives each event to f.
func replay(corpus *Corpus, trace string, f func(*syscall.Event)) error {
	file, err := os.Open(corpus.Path(trace))
	if err != nil {
		return err
	}
	defer file.Close() // read only: nothing is lost
	r, err := scap.NewReader(file, scap.Options{})
	if err != nil {
		return err
	}
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		f(e)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
