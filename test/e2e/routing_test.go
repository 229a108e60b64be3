package e2e

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// The topics of config/routing_kafka.yaml.
const (
	topicOpen      = "detections"
	topicSensitive = "detections-sensitive"
)

// detections are what agents send: two that name a person or are about secrets,
// and one that is for everybody.
func detections() plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, d := range []struct {
		rule, body string
		attributes map[string]any
	}{
		{"Exec into pod", "exec by ann into web-0", map[string]any{
			"user.name": "ann", "source.address": "192.0.2.7", "user_agent.original": "kubectl of ann", "url.path": "/users/ann",
			"k8s.pod.name": "web-0", "lanner.field.ka.user.name": "ann", "process.command_line": "sh -c ann"}},
		{"Secret read", "secret of ann", map[string]any{"lanner.rule.tags": []any{"sensitive"}, "k8s.namespace.name": "shop"}},
		{"Public service", "a service is public", map[string]any{"lanner.rule.tags": []any{"network"}, "k8s.namespace.name": "shop"}},
	} {
		rec := records.AppendEmpty()
		rec.Body().SetStr(d.body)
		if err := rec.Attributes().FromRaw(d.attributes); err != nil {
			panic(err)
		}
		rec.Attributes().PutStr("security_rule.name", d.rule)
	}
	return logs
}

// TestRoutingToKafka: the shipped configuration sends what is sensitive to one
// topic and all, without what is personal, to the other.
func TestRoutingToKafka(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, topicOpen, topicSensitive))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	listen := freeAddress(t)
	t.Setenv("KAFKA_BROKER", cluster.ListenAddrs()[0])
	t.Setenv("OTLP_LISTEN", listen)
	config, err := os.ReadFile("../../config/routing_kafka.yaml")
	if err != nil {
		t.Fatal(err)
	}
	start(t, string(config)+"  telemetry: {metrics: {level: none}}\n")
	export(t, listen, detections())

	sensitive := consume(t, cluster, topicSensitive, 2)
	for i, body := range []string{"exec by ann into web-0", "secret of ann"} {
		if sensitive[i].Body().Str() != body {
			t.Errorf("the sensitive topic got %q", sensitive[i].Body().Str())
		}
	}
	if sensitive[0].text("user.name") != "ann" {
		t.Error("the sensitive topic got less than there was")
	}

	open := consume(t, cluster, topicOpen, 3)
	for i, body := range []string{"Exec into pod", "Secret read", "a service is public"} {
		rec := open[i]
		if rec.Body().Str() != body || (rec.text("lanner.redacted") == "true") != (i < 2) {
			t.Errorf("the open topic got %q, %v", rec.Body().Str(), rec.Attributes().AsRaw())
		}
		for key, v := range rec.Attributes().All() {
			if strings.Contains(v.AsString(), "ann") {
				t.Errorf("the open topic is told %s = %s", key, v.AsString())
			}
		}
	}
	if open[0].text("k8s.pod.name") != "web-0" {
		t.Error("the open topic lacks the object")
	}
}

// export sends logs by OTLP.
func export(t *testing.T, address string, logs plog.Logs) {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), waitTime)
	defer cancel()
	_, err = plogotlp.NewGRPCClient(conn).Export(ctx, plogotlp.NewExportRequestFromLogs(logs), grpc.WaitForReady(true))
	if err != nil {
		t.Fatal(err)
	}
}

// consume reads n log records of a topic, in their order.
func consume(t *testing.T, cluster *kfake.Cluster, topic string, n int) []record {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.ConsumeTopics(topic))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), waitTime)
	defer cancel()
	var list []record
	for len(list) < n {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("%s: %v after %d records", topic, err, len(list))
		}
		fetches.EachRecord(func(r *kgo.Record) { list = append(list, decode(t, r.Value)...) })
	}
	if len(list) != n {
		t.Fatalf("%s: %d records, want %d", topic, len(list), n)
	}
	return list
}

// decode reads log records that were written as OTLP's JSON.
func decode(t *testing.T, text []byte) []record {
	t.Helper()
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(text)
	if err != nil {
		t.Fatal(err)
	}
	var list []record
	for _, group := range logs.ResourceLogs().All() {
		for _, scope := range group.ScopeLogs().All() {
			for _, rec := range scope.LogRecords().All() {
				list = append(list, record{rec, group.Resource().Attributes().AsRaw()})
			}
		}
	}
	return list
}
