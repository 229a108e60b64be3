package reload

import (
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/otelmap"
)

// EventName is the event name of a reload's record.
const EventName = "lanner.rules.reload"

// Attributes of a reload's record.
const (
	keyResult   = "lanner.reload.result"
	keyDuration = "lanner.reload.duration" // seconds
	keyError    = "error.message"
	keyAdded    = "lanner.reload.rules.added"
	keyChanged  = "lanner.reload.rules.changed"
	keyRemoved  = "lanner.reload.rules.removed"
	keyLoaded   = "lanner.reload.rules.loaded"
	keyEnabled  = "lanner.reload.rules.enabled"
	keyFiles    = "lanner.reload.files"
	keyHashes   = "lanner.reload.files.sha256" // in the order of the files
)

// Outcome is the result in a word: "success" or "failure".
func (r *Result) Outcome() string {
	if r.Err != nil {
		return "failure"
	}
	return "success"
}

// Notice is the result as a log record.
func (r *Result) Notice() otelmap.Notice {
	n := otelmap.Notice{
		Name: EventName, Time: r.Time, Severity: plog.SeverityNumberInfo,
		Body: r.String(), Attributes: pcommon.NewMap(),
	}
	attrs := n.Attributes
	attrs.PutStr(keyResult, r.Outcome())
	attrs.PutDouble(keyDuration, r.Took.Seconds())
	if r.Err != nil {
		n.Severity = plog.SeverityNumberError
		attrs.PutStr(keyError, strings.ToValidUTF8(r.Err.Error(), "\uFFFD"))
	}
	otelmap.PutStrings(attrs, keyAdded, r.Changes.Added)
	otelmap.PutStrings(attrs, keyChanged, r.Changes.Changed)
	otelmap.PutStrings(attrs, keyRemoved, r.Changes.Removed)
	attrs.PutInt(keyLoaded, int64(len(r.Set.Rules)))
	attrs.PutInt(keyEnabled, int64(r.Enabled()))
	var names, sums []string
	for _, f := range r.Files {
		names, sums = append(names, f.Name), append(sums, f.SHA256)
	}
	otelmap.PutStrings(attrs, keyFiles, names)
	otelmap.PutStrings(attrs, keyHashes, sums)
	return n
}

// String is the result in a sentence.
func (r *Result) String() string {
	if r.Err != nil {
		return "Rules do not reload; those from before go on: " + r.Err.Error()
	}
	return fmt.Sprintf("Rules are reloaded: %d added, %d changed, %d removed; %d of %d enabled",
		len(r.Changes.Added), len(r.Changes.Changed), len(r.Changes.Removed), r.Enabled(), len(r.Set.Rules))
}
