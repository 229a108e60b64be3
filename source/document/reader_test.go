package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// timed is a source of documents that have a time; lists of them are in all.
var timed = document.New(document.Spec{
	Name: "timed", Lists: []string{"all"}, Time: document.TimeAt("at"),
	Match: func(doc jsondoc.Node) bool { return doc.Get("at").Exists() || doc.Get("all").Exists() },
})

// anything takes what is left.
var anything = document.New(document.Spec{
	Name: "anything", Match: func(doc jsondoc.Node) bool { return doc.Kind() == jsondoc.Object },
})

const event = `{"at":"2026-01-01T00:00:00Z"}`

func TestRead(t *testing.T) {
	for name, tc := range map[string]struct {
		text    string
		events  string // source and number of each
		refused int
		err     error // nil: any if refused
	}{
		"one":               {event, "timed1", 0, nil},
		"lines":             {event + "\n\n" + event + "\r\n", "timed1 timed2", 0, nil},
		"blanks":            {"\n \t" + event + "  ", "timed1", 0, nil},
		"pretty":            {"{\n \"at\":\n \"2026-01-01T00:00:00Z\"\n}\n" + event, "timed1 timed2", 0, nil},
		"a list":            {`{"all":[` + event + "," + event + `]}`, "timed1 timed2", 0, nil},
		"an array":          {"[" + event + "," + event + "]", "timed1 timed2", 0, nil},
		"two sources":       {event + "\n{}\n" + event, "timed1 anything1 timed2", 0, nil},
		"nothing":           {"", "", 0, nil},
		"only blanks":       {" \n", "", 0, nil},
		"empty list":        {`{"all":[]}`, "", 0, nil},
		"not a list":        {`{"all":1}`, "", 1, jsondoc.ErrNoTime},
		"no source":         {`3`, "", 1, document.ErrUnknown},
		"empty array":       {`[]`, "", 1, document.ErrUnknown},
		"no time":           {`{"at":null}`, "", 1, jsondoc.ErrNoTime},
		"a bad line":        {"x\n" + event, "timed1", 1, nil},
		"a cut line":        {event[:10] + "\n" + event, "timed1", 1, nil},
		"bad pretty":        {"{\n \"at\": oops\n}\n" + event, "timed1", 1, nil},
		"two on a line":     {event + event + "\n" + event, "timed1", 1, nil},
		"a bad item":        {"[" + event + ",3," + event + "]", "timed1 timed2", 1, jsondoc.ErrNoTime},
		"the first error":   {"x\n[]\n" + event, "timed1", 2, nil},
		"a scalar and more": {"1\n" + event, "timed1", 1, document.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			tally, err := document.NewReader(timed, anything).Read(tc.text, document.Origin{}, func(e *document.Event) {
				got = append(got, fmt.Sprint(e.Source.Name(), e.Head.Num))
			})
			if strings.Join(got, " ") != tc.events || tally.Events != len(got) || tally.Refused != tc.refused {
				t.Errorf("%v, %+v", got, tally)
			}
			if (err != nil) != (tc.refused > 0) || tc.err != nil && !errors.Is(err, tc.err) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestTimes: an event without a time has that of its document.
func TestTimes(t *testing.T) {
	var got []uint64
	origin := document.Origin{Received: 7}
	text := "{}\n{\"at\":\"0001-01-01T00:00:00Z\"}\n{\"at\":\"1970-01-01T00:00:01Z\"}"
	_, err := document.NewReader(timed, anything).Read(text, origin, func(e *document.Event) { got = append(got, e.Head.Time) })
	if err != nil || fmt.Sprint(got) != "[7 7 1000000000]" {
		t.Errorf("%v, %v", got, err)
	}
}

// TestStream: each source counts its own events, from its own first.
func TestStream(t *testing.T) {
	at := func(s int) string { return fmt.Sprintf("{\"at\":\"1970-01-01T00:00:%02dZ\"}\n", s) }
	var got []document.Stream
	_, err := document.NewReader(timed).Read(at(1)+at(2)+at(5), document.Origin{}, func(e *document.Event) { got = append(got, e.Stream) })
	const second = 1_000_000_000
	want := []document.Stream{{Num: 1, Start: second}, {Num: 2, Start: second, Before: second}, {Num: 3, Start: second, Before: 2 * second}}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestInner(t *testing.T) {
	var got []string
	text := `{"s":" {\"a\":1}"}` + "\n" + `{"s":"no JSON"}` + "\n" + `{"s":"{\"a\":2}"}`
	_, err := document.NewReader(anything).Read(text, document.Origin{}, func(e *document.Event) {
		for range 2 {
			got = append(got, strings.Clone(e.Inner(e.Root.Get("s")).Get("a").Raw()))
		}
	})
	if err != nil || strings.Join(got, ",") != "1,1,,,2,2" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestReadDoesNotAllocate(t *testing.T) {
	text := []byte(strings.Repeat(event+"\n{\"all\":["+event+","+event+"]}\n{}\n", 5))
	r := document.NewReader(timed, anything)
	events := 0
	each := func(*document.Event) { events++ }
	n := testing.AllocsPerRun(100, func() {
		if _, err := r.ReadBytes(text, document.Origin{}, each); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 || events == 0 {
		t.Errorf("%v allocations for %d events", n, events)
	}
}
