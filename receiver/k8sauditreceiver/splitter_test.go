package k8sauditreceiver

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/lannersec/lanner/source/jsondoc"
)

// split returns the events of a body, and the error that ended it.
func split(body io.Reader) ([]string, error) {
	var s splitter
	s.reset(body)
	var events []string
	for {
		event, err := s.next()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return events, err
		}
		events = append(events, strings.Clone(event.Raw()))
	}
}

func TestSplit(t *testing.T) {
	const a, b = `{"a": [1, {"items": [{}]}], "s": "]}\"\\", "n": -12.5e3, "t": true}`, `{"b":null}`
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"one":                  {a, []string{a}},
		"lines":                {a + "\n" + b + "\n", []string{a, b}},
		"array":                {" [" + a + " , " + b + "] ", []string{a, b}},
		"list":                 {`{"kind":"EventList","metadata":{"items":7},"items":[` + a + "," + b + `]}`, []string{a, b}},
		"members behind":       {`{"items":[` + a + `],"n":17,"metadata":{}}` + b, []string{a, b}},
		"two lists":            {`{"items":[` + a + `]}{"items":[` + b + `]}`, []string{a, b}},
		"empty list":           {`{"kind":"EventList","items":[]}`, nil},
		"empty array":          {`[]`, nil},
		"items that is a text": {`{"items":"[]"}`, []string{`{"items":"[]"}`}},
		"items escaped inside": {`{"x":{"items":[1]},"y":"\"items\":["}`, []string{`{"x":{"items":[1]},"y":"\"items\":["}`}},
	} {
		t.Run(name, func(t *testing.T) {
			for way, body := range map[string]io.Reader{
				"at once": strings.NewReader(test.body), "byte by byte": iotest.OneByteReader(strings.NewReader(test.body)),
				"with the end": iotest.DataErrReader(strings.NewReader(test.body)),
			} {
				if got, err := split(body); err != nil || !reflect.DeepEqual(got, test.want) {
					t.Errorf("%s: %q, %v", way, got, err)
				}
			}
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "blanks": " \n ", "text": "hello", "number": "17", "open object": `{"a":1`, "open string": `{"a":"`,
		"open escape": `{"a":"\`, "open list": `{"items":[{}`, "open object behind a list": `{"items":[{}]`, "open array": "[{}",
		"no name": `{1:2}`, "no colon": `{"a" 1}`, "no value": `{"a":}`, "comma as value": `{"a":,}`, "bare items": `{"items":[1]}`, "brackets alone": "]",
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(body), iotest.OneByteReader(strings.NewReader(body))} {
				var syntax *jsondoc.Error
				if _, err := split(r); !errors.Is(err, io.ErrUnexpectedEOF) && !errors.As(err, &syntax) {
					t.Errorf("error %v", err)
				}
			}
		})
	}
}

// TestSplitBounds: no body makes the splitter hold more than an event may have,
// or go down without end.
func TestSplitBounds(t *testing.T) {
	endless := io.MultiReader(strings.NewReader(`{"a":"`), zeros{})
	var s splitter
	s.reset(endless)
	if _, err := s.next(); !errors.Is(err, errTooLong) {
		t.Errorf("an endless event: %v", err)
	}
	if cap(s.buf) > 4*maxEventBytes {
		t.Errorf("it holds %d bytes", cap(s.buf))
	}
	deep := io.MultiReader(strings.NewReader(`{"a":`), &repeat{"[", 1 << 30})
	var syntax *jsondoc.Error
	if _, err := split(deep); !errors.As(err, &syntax) || !strings.Contains(err.Error(), "deep") {
		t.Errorf("a deep event: %v", err)
	}
}

// zeros is a text without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// repeat is a text n times.
type repeat struct {
	text string
	n    int
}

func (r *repeat) Read(p []byte) (int, error) {
	n := min(len(p)/len(r.text), r.n)
	if n == 0 {
		return 0, io.EOF
	}
	r.n -= n
	return copy(p, strings.Repeat(r.text, n)), nil
}

// TestSplitNeedsNoMemoryForTheBody: what it holds does not grow with the body.
func TestSplitNeedsNoMemoryForTheBody(t *testing.T) {
	event := `{"kind":"Event","pad":"` + strings.Repeat("x", 1000) + `"},`
	const n = 100_000
	var s splitter
	s.reset(io.MultiReader(strings.NewReader(`{"items":[`), &repeat{event, n}, strings.NewReader(`]}`)))
	got := 0
	for {
		_, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got++
	}
	if got != n || cap(s.buf) > keptBytes {
		t.Errorf("%d events of %d, a buffer of %d bytes", got, n, cap(s.buf))
	}
}

func BenchmarkSplit(b *testing.B) {
	event := sampleEvent(b)
	body := []byte(`{"items":[` + strings.TrimSuffix(strings.Repeat(event+",", 400), ",") + `]}`)
	var s splitter
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		s.reset(bytes.NewReader(body))
		for {
			if _, err := s.next(); err != nil {
				break
			}
		}
	}
}
