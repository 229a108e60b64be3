package conformance

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/otelmap"
	"github.com/lannersec/lanner/processor/securityrulesprocessor"
)

// takesProcessed takes the cases about audit events that need no more of a
// configuration than rules.
func takesProcessed(c Case) bool {
	var d detectCase
	return takesDetect(c) && c.Decode(&d) == nil && isDocuments(d.Trace) &&
		d.Args.Priority == "" && len(d.Args.DisabledRules)+len(d.Args.DisableTags)+len(d.Args.RunTags) == 0
}

// runProcessed matches the events of a trace in the processor itself: the trace
// is the body of a log record, and the detections are counted in what comes out.
func runProcessed(corpus *Corpus, c Case) error {
	var want detectCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	e, err := engineFor(corpus, want.Rules, engine.Options{Config: rulesConfig()})
	if err != nil {
		return err
	}
	text, err := corpus.ReadFile(want.Trace)
	if err != nil {
		return err
	}
	out, err := processed(corpus, want.Rules, string(text))
	if err != nil {
		return err
	}
	counts := detectionsIn(out)
	if err := want.Expect.check(e.Set(), counts); err != nil {
		return &Mismatch{Input: want.Trace, Expected: err.Error(), Got: counts}
	}
	return nil
}

// processed gives a record with a body to the processor and returns what it sends on.
func processed(corpus *Corpus, rules []string, body string) (out []plog.Logs, err error) {
	factory := securityrulesprocessor.NewFactory()
	cfg := factory.CreateDefaultConfig().(*securityrulesprocessor.Config)
	cfg.PassThrough = false
	cfg.Rules.Files = nil
	for _, name := range rules {
		cfg.Rules.Files = append(cfg.Rules.Files, corpus.Path(name))
	}
	ctx, sink := context.Background(), new(consumertest.LogsSink)
	set := processor.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
	p, err := factory.CreateLogs(ctx, set, cfg, sink)
	if err != nil {
		return nil, err
	}
	if err := p.Start(ctx, componenttest.NewNopHost()); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Shutdown(ctx)) }()
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(body)
	if err := p.ConsumeLogs(ctx, logs); err != nil {
		return nil, err
	}
	return sink.AllLogs(), nil
}

// detectionsIn counts the records of detections by rule.
func detectionsIn(all []plog.Logs) map[string]int {
	counts := map[string]int{}
	for _, logs := range all {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					if name, ok := record.Attributes().Get("security_rule.name"); ok && record.EventName() == otelmap.EventName {
						counts[name.Str()]++
					}
				}
			}
		}
	}
	return counts
}
