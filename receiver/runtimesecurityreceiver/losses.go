package runtimesecurityreceiver

import (
	"github.com/lannersec/lanner/engine/rules"
)

// losses are all ways in which a match can be lost between kernel and pipeline.
func (r *securityReceiver) losses() []counted {
	var list []counted
	for d, n := range r.stream.Stats().drops {
		list = append(list, counted{hole{cause: d.cause, eventType: d.eventType}, n})
	}
	for l, n := range r.delivery.stats().lost {
		priority, _ := rules.ParsePriority(l.priority)
		list = append(list, counted{hole{cause: l.cause, priority: priority}, n})
	}
	for _, rule := range r.engine.Stats().Rules {
		list = append(list, counted{hole{cause: "rule_failed", rule: rule.Name}, rule.Errors})
	}
	return list
}
