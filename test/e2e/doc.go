// Package e2e tests the built distribution as a black box: it starts
// bin/otelcol-lanner, does things on the host, and reads the OTLP records.
package e2e
