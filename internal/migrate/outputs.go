package migrate

import (
	"gopkg.in/yaml.v3"
)

func (m *migration) stdoutOutput(n *yaml.Node) {
	if isOff(n) {
		return
	}
	m.exporter("debug")
	m.config.set("detailed", "exporters", "debug", "verbosity")
	m.config.set(false, "exporters", "debug", "use_internal_logger")
}

// exporter puts an exporter in the pipeline.
func (m *migration) exporter(name string) {
	m.config.set(name, "service", "pipelines", "logs", "exporters", appendItem)
}

// httpOutput becomes an OTLP exporter to the same place. What listens there
// must speak OTLP, which is the one thing that cannot be kept.
func (m *migration) httpOutput(n *yaml.Node) {
	if isOff(n) {
		return
	}
	m.exporter("otlp_http")
	m.config.set(text(get(n, "url")), "exporters", "otlp_http", "endpoint")
	m.note("records are sent as OTLP to %s; what listens there must understand it", text(get(n, "url")))
	if isTrue(get(n, "insecure")) {
		m.config.set(true, "exporters", "otlp_http", "tls", "insecure_skip_verify")
	}
	for _, pair := range []struct{ falco, collector string }{
		{"ca_cert", "ca_file"}, {"ca_bundle", "ca_file"}, {"client_cert", "cert_file"}, {"client_key", "key_file"},
	} {
		m.tlsFile(get(n, pair.falco), pair.collector)
	}
	if compressed := get(n, "compress_uploads"); compressed != nil && !isTrue(compressed) {
		m.config.set("none", "exporters", "otlp_http", "compression")
	}
	if agent := text(get(n, "user_agent")); agent != "" {
		m.config.set(agent, "exporters", "otlp_http", "headers", "User-Agent")
	}
}

func (m *migration) tlsFile(n *yaml.Node, key string) {
	if path := text(n); path != "" {
		m.config.set(path, "exporters", "otlp_http", "tls", key)
	}
}

// staticFields become attributes of every record.
func (m *migration) staticFields(n *yaml.Node) {
	if len(n.Content) == 0 {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		m.config.set(map[string]any{"key": n.Content[i].Value, "value": text(n.Content[i+1]), "action": "upsert"},
			"processors", "attributes", "actions", appendItem)
	}
	m.config.set("attributes", "service", "pipelines", "logs", "processors", appendItem)
}
