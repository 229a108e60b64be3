package securityrulesprocessor

import (
	"context"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/internal/rulemetrics"
)

// observe connects the observed instruments with what they observe.
func (p *securityProcessor) observe() error {
	b := p.telemetry
	rules := rulemetrics.Instruments{
		Events: b.LannerEvents, Matches: b.LannerRuleMatches, Evaluations: b.LannerRuleEvaluations,
		Errors: b.LannerRuleErrors, Samples: b.LannerRuleSamples, SampledTime: b.LannerRuleSampledTime,
		Rules: b.LannerRules, Reloads: b.LannerRulesReloads, Files: b.LannerRulesFiles,
		LoadTime: b.LannerRulesLoadTime, LoadDuration: b.LannerRulesLoadDuration, Tactics: b.LannerRuleTactics,
	}
	for _, cause := range []string{unreadMalformed, unreadUnknown} { // a series from the start
		p.countUnread(cause, 0)
	}
	return b.Observe(rules.Callback(p.engine, &p.rules), rules.All()...)
}

// unread counts a record that rules cannot see, or not all of it.
func (p *securityProcessor) unread(cause string, err error) {
	p.countUnread(cause, 1)
	p.set.Logger.Warn("A record cannot be read as events", zap.String("cause", cause), zap.Error(err))
}

func (p *securityProcessor) countUnread(cause string, n int64) {
	p.telemetry.LannerRecordsUnread.Add(context.Background(), n, rulemetrics.With("processor", p.set.ID.String(), "cause", cause))
}
