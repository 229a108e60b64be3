package securityrulesprocessor

import (
	"errors"
	"hash/fnv"
	"io"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/otelmap"
	"github.com/lannersec/lanner/source/document"
)

// worker evaluates rules on log records, for one goroutine at a time. Records
// without a match cost no allocation once its buffers have grown.
type worker struct {
	cfg        []SourceConfig
	engine     *engine.Engine
	sources    sources
	evaluators map[string]*engine.Evaluator
	unread     func(cause string, err error)

	set       *rules.Set // that recognise is for
	recognise *recogniser
	body      []byte
	envelope  envelope
	found     []*engine.Detection // of the record at hand
	event     *document.Event     // at hand
	each      func(*document.Event)
	emit      func(*engine.Detection)
}

// Causes for which rules do not see a record that was to hold events.
const (
	unreadMalformed = "malformed"
	unreadUnknown   = "unknown"
)

func newWorker(cfg []SourceConfig, eng *engine.Engine, s sources, unread func(string, error)) (*worker, error) {
	w := &worker{cfg: cfg, engine: eng, sources: s, unread: unread, evaluators: map[string]*engine.Evaluator{}}
	for _, source := range s.all() {
		v, err := eng.Evaluator(source.Name())
		if err != nil {
			return nil, err
		}
		w.evaluators[source.Name()] = v
	}
	w.each, w.emit = w.evaluate, w.detected
	return w, nil
}

// follow turns to the rules that run now.
func (w *worker) follow() {
	if set := w.engine.Set(); set != w.set {
		w.set, w.recognise = set, newRecogniser(w.cfg, w.sources, set)
	}
}

// record evaluates rules on what a record holds. The slice is valid until the
// next call.
func (w *worker) record(rec plog.LogRecord, scope pcommon.InstrumentationScope, resource pcommon.Resource) []*engine.Detection {
	clear(w.found)
	w.found = w.found[:0]
	origin := document.Origin{Received: received(rec)}
	if w.recognise.log != nil {
		w.body = appendRecord(w.body[:0], rec, scope.Name(), resource.Attributes())
		w.read(w.recognise.log, view(w.body), origin, true)
	}
	if rec.EventName() == otelmap.EventName { // a detection's record: it names a source, and is no event of it
		return w.found
	}
	at := place{rec.Attributes(), scope.Attributes(), resource.Attributes()}
	reader, said := w.recognise.reader(at)
	if reader == nil {
		return w.found
	}
	var text string
	text, w.body = bodyText(rec.Body(), w.body)
	switch {
	case isEnvelope(text):
		err := w.envelope.open(text, func(event string) { w.read(reader, event, origin, true) })
		if err != nil {
			w.unread(unreadMalformed, err)
		}
	case said || isDocument(text):
		origin.Type = at.text(keyGitHub)
		w.read(reader, text, origin, said)
	}
	return w.found
}

// received is when a record was, for events that do not say it themselves.
func received(rec plog.LogRecord) uint64 {
	switch {
	case rec.Timestamp() != 0:
		return uint64(rec.Timestamp())
	case rec.ObservedTimestamp() != 0:
		return uint64(rec.ObservedTimestamp())
	}
	return uint64(time.Now().UnixNano())
}

// read evaluates the events of a text. Documents that no source takes are
// nothing to tell of where only their shape made them candidates.
func (w *worker) read(reader *document.Reader, text string, origin document.Origin, said bool) {
	_, err := reader.Read(text, origin, w.each)
	switch {
	case err == nil:
	case !errors.Is(err, document.ErrUnknown):
		w.unread(unreadMalformed, err)
	case said:
		w.unread(unreadUnknown, err)
	}
}

func (w *worker) evaluate(e *document.Event) {
	w.event = e
	w.evaluators[e.Source.Name()].Process(&e.Head, w.emit)
}

// detected keeps a detection. Its event's number is a hash of the event, which
// is the same when the same event comes again, because its sender did not hear
// that it arrived: the record gets the same identity then.
func (w *worker) detected(det *engine.Detection) {
	hash := fnv.New64a()
	_, _ = io.WriteString(hash, w.event.Root.Raw()) // never fails
	det.Num = hash.Sum64()
	w.found = append(w.found, det)
}

// pause adds what was counted to the engine's statistics.
func (w *worker) pause() {
	for _, v := range w.evaluators {
		v.Flush()
	}
}
