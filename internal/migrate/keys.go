package migrate

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// keyRow is a top-level key of falco.yaml: what is made of its value, and what
// there is to know where it is set. A row with neither needs nothing: what it
// asks for is always so.
type keyRow struct {
	name  string
	apply func(*migration, *yaml.Node)
	note  string
}

// keys are the keys of falco.yaml up to release 0.44.
var keys = []keyRow{
	{name: "config_files", apply: (*migration).configFiles},
	{name: "watch_config_files"}, // rules files are always watched
	{name: "rules_files", apply: (*migration).rulesFiles},
	{name: "rules_file", apply: (*migration).rulesFiles},
	{name: "rules", apply: (*migration).selection},
	{name: "engine", apply: (*migration).engine},
	{name: "capture", note: "there is no recording of captures; the detections' records carry the values that rules name"},
	{name: "plugins", apply: (*migration).plugins},
	{name: "load_plugins", apply: (*migration).loadPlugins},
	{name: "plugins_hostinfo"},
	{name: "time_format_iso_8601"}, // records have times, not texts of times
	{name: "buffer_format_base64", note: "bytes in outputs are shown as text"},
	{name: "priority", apply: (*migration).priority},
	{name: "json_output"}, // records are structured
	{name: "json_include_output_property"},
	{name: "json_include_message_property"},
	{name: "json_include_output_fields_property"},
	{name: "json_include_tags_property"},
	{name: "rule_matching", apply: (*migration).ruleMatching},
	{name: "outputs_queue", apply: (*migration).outputsQueue},
	{name: "append_output", apply: (*migration).appendOutput},
	{name: "static_fields", apply: (*migration).staticFields},
	{name: "stdout_output", apply: (*migration).stdoutOutput},
	{name: "syslog_output", note: "the distribution has no syslog exporter; build one with syslogexporter of the Collector's contrib repository, " +
		"or let the receiver of the OTLP records write them"},
	{name: "file_output", note: "the distribution has no file exporter; build one with fileexporter of the Collector's contrib repository"},
	{name: "http_output", apply: (*migration).httpOutput},
	{name: "program_output", note: "no exporter runs a program; send OTLP to something that does"},
	{name: "grpc", note: "there is no gRPC service to ask; detections are sent by OTLP to where an exporter points"},
	{name: "grpc_output", note: "see grpc"},
	{name: "webserver", apply: (*migration).webserver},
	{name: "log_stderr"}, // where the Collector logs
	{name: "log_syslog", note: "the Collector logs to stderr; a service manager takes it from there"},
	{name: "log_level", apply: (*migration).logLevel},
	{name: "libs_logger", note: "there is one logger; see service::telemetry::logs"},
	{name: "output_timeout", note: "see the exporters' timeout and sending_queue"},
	{name: "syscall_event_timeouts", note: "a heartbeat from the kernel to the consumer takes its place"},
	{name: "syscall_event_drops", note: "losses are counted by cause, and one that could hide a match emits lanner.visibility.gap; nothing has to be set"},
	{name: "metrics", apply: (*migration).metrics},
	{name: "base_syscalls", note: "the loaded rules decide what is captured, and process state does not depend on it"},
	{name: "falco_libs", note: "tables are bounded by themselves"},
	{name: "container_engines", note: "runtimes are found by their sockets"},
}

func rowOf(name string) (keyRow, bool) {
	i := slices.IndexFunc(keys, func(row keyRow) bool { return row.name == name })
	if i < 0 {
		return keyRow{}, false
	}
	return keys[i], true
}
