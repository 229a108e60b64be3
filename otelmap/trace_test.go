package otelmap

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
)

func TestTraceparent(t *testing.T) {
	const (
		trace = "0af7651916cd43dd8448eb211c80319c"
		span  = "b7ad6b7169203331"
	)
	for text, taken := range map[string]bool{
		"00-" + trace + "-" + span + "-01":                    true,
		"01-" + trace + "-" + span + "-01-later":              true,
		"":                                                    false,
		"00-" + trace + "-" + span:                            false,
		"ff-" + trace + "-" + span + "-01":                    false,
		"00-" + trace + "-0000000000000000-01":                false,
		"00-00000000000000000000000000000000-" + span + "-01": false,
		"00-0AF7651916CD43DD8448EB211C80319C-" + span + "-01": false,
		"00-" + trace[1:] + "-" + span + "-01":                false,
		"00-" + trace + "-" + span + "-0x":                    false,
	} {
		t.Run(text, func(t *testing.T) {
			rec := plog.NewLogRecord()
			setTrace(rec, text)
			if !taken {
				if !rec.TraceID().IsEmpty() || !rec.SpanID().IsEmpty() || rec.Flags() != 0 {
					t.Errorf("trace %s, span %s, flags %d", rec.TraceID(), rec.SpanID(), rec.Flags())
				}
				return
			}
			if rec.TraceID().String() != trace || rec.SpanID().String() != span || !rec.Flags().IsSampled() {
				t.Errorf("trace %s, span %s, flags %d", rec.TraceID(), rec.SpanID(), rec.Flags())
			}
		})
	}
}

func FuzzTraceparent(f *testing.F) {
	f.Add("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	f.Add("00---")
	f.Fuzz(func(t *testing.T, text string) {
		rec := plog.NewLogRecord()
		setTrace(rec, text)
		if rec.TraceID().IsEmpty() != rec.SpanID().IsEmpty() {
			t.Errorf("trace %s without span %s, or the other way", rec.TraceID(), rec.SpanID())
		}
	})
}
