// Package audit tests the way of audit events as a whole: webhook, rules,
// pipeline.
package audit
