// Package otelmap turns detections into OpenTelemetry log records.
//
// What becomes which attribute stands in one table, in attributes.go. Names
// are those of the semantic conventions; where these have none the prefix is
// "lanner.". Names of the threat fields are those of the Elastic Common Schema,
// which the conventions have not taken over yet.
package otelmap
