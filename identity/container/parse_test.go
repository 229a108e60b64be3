package container

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSetImage(t *testing.T) {
	const id = "57ec5af87d768dfeae98172b92ad9e6f80092587340abce6f04180ad36ef086c"
	for _, tt := range []struct{ reference, repo, tag, digest string }{
		{"docker.io/library/nginx:1.27", "docker.io/library/nginx", "1.27", ""},
		{"nginx", "nginx", "", ""},
		{"registry:5000/team/app", "registry:5000/team/app", "", ""},
		{"registry:5000/team/app:v1@sha256:abc", "registry:5000/team/app", "v1", "sha256:abc"},
		{"sha256:" + id, "", "", ""},
		{id, "", "", ""},
		{"", "", "", ""},
	} {
		var i Info
		i.setImage(tt.reference)
		if i.Image != tt.reference || i.ImageRepo != tt.repo || i.ImageTag != tt.tag || i.ImageDigest != tt.digest {
			t.Errorf("%q: %q %q %q", tt.reference, i.ImageRepo, i.ImageTag, i.ImageDigest)
		}
	}
	if got := imageID("sha256:" + id); got != id {
		t.Errorf("id %q", got)
	}
	i := Info{ImageRepo: "b"}
	i.setDigest("a@sha256:1", "none", "b@sha256:2")
	if i.ImageDigest != "sha256:2" {
		t.Errorf("digest %q, want that of the image's repository", i.ImageDigest)
	}
}

func TestLabelsAreBounded(t *testing.T) {
	hostile := map[string]string{"big": strings.Repeat("é", 64<<10), "bad\xff": "\xc3\x28"}
	for n := range 2 * maxLabels {
		hostile[strings.Repeat("k", n+1)] = "v"
	}
	labels := labelsOf(hostile)
	if len(labels) != maxLabels {
		t.Errorf("%d labels", len(labels))
	}
	for _, l := range labels {
		if len(l.Key) > maxLabelKey+3 || len(l.Value) > maxLabelValue || !utf8.ValidString(l.Key) || !utf8.ValidString(l.Value) {
			t.Errorf("label of %d and %d bytes", len(l.Key), len(l.Value))
		}
	}
}

func TestProbes(t *testing.T) {
	for _, tt := range []struct {
		test []string
		want Probe
	}{
		{[]string{"CMD", "/check", "-q"}, Probe{"/check", "-q"}},
		{[]string{"CMD-SHELL", "curl -f localhost"}, Probe{"/bin/sh", "-c", "curl -f localhost"}},
		{[]string{"NONE"}, nil},
		{[]string{"OTHER", "x"}, nil},
		{nil, nil},
	} {
		if got := dockerProbe(tt.test); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %q", tt.test, got)
		}
	}
	p := Probe{"/check", "-q"}
	if !p.Matches("/check", []string{"-q"}) || p.Matches("/check", nil) || (Probe)(nil).Matches("", nil) {
		t.Error("a probe matches by all its arguments")
	}

	i := Info{Pod: Pod{Container: "web"}}
	i.setProbes(map[string]string{lastApplied: `{"spec":{"containers":[{"name":"other"},
		{"name":"web","livenessProbe":{"exec":{"command":["/live"]}},"readinessProbe":{"httpGet":{}}}]}}`})
	if i.LivenessProbe.Text() != "/live" || i.ReadinessProbe != nil {
		t.Errorf("%q %q", i.LivenessProbe, i.ReadinessProbe)
	}
}

func TestCRIInfo(t *testing.T) {
	more := parseCRIInfo(map[string]string{"info": `{"sandboxID":"s","pid":7,"cniResult":{"Interfaces":{}},
		"config":{"linux":{"security_context":{"privileged":true}}},
		"runtimeSpec":{"linux":{"namespaces":[{"type":"pid"},{"type":"ipc"}]}}}`})
	var i Info
	more.fill(&i)
	if more.SandboxID != "s" || i.PID != 7 || !i.Privileged || i.HostPID || i.HostIPC || !i.HostNetwork || more.CNI != `{"Interfaces":{}}` {
		t.Errorf("%+v %+v", more, &i)
	}
	if more := parseCRIInfo(map[string]string{"info": "{"}); more.SandboxID != "" {
		t.Errorf("%+v", more)
	}
}

func FuzzCRIInfo(f *testing.F) {
	f.Add(`{"sandboxID":"s","cniResult":null,"runtimeSpec":{"linux":{"namespaces":[{"type":"pid"}]}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var i Info
		more := parseCRIInfo(map[string]string{"info": text})
		more.fill(&i)
		i.setProbes(map[string]string{lastApplied: text})
		if len(more.CNI) > maxCNI+utf8.UTFMax {
			t.Errorf("%d bytes are kept", len(more.CNI))
		}
	})
}

func TestEngineAnswer(t *testing.T) {
	const id = "3a668416d3d27e6fa7d80fe88624b2fc02f856aa0a35641696e4b3a8b29ea5c4"
	var c engineContainer
	if err := json.Unmarshal([]byte(`{"Id":"`+id+`","Name":"/web","Image":"sha256:`+id+`",
		"State":{"Pid":12,"StartedAt":"2026-11-20T16:57:36.5Z"},
		"Config":{"Image":"nginx:1","Labels":{"io.kubernetes.pod.name":"p","a":"b"},"Healthcheck":{"Test":["CMD","/ok"]}},
		"HostConfig":{"Privileged":true,"NetworkMode":"host","PidMode":"","IpcMode":"private"},
		"Mounts":[{"Source":"/a","Destination":"/b","Mode":"z","RW":true,"Propagation":"rprivate"}],
		"NetworkSettings":{"IPAddress":"","Networks":{"bridge":{"IPAddress":"10.0.0.2"}}}}`), &c); err != nil {
		t.Fatal(err)
	}
	i := c.info(Docker)
	want := &Info{
		ID: id[:12], FullID: id, Name: "web", Type: Docker, Image: "nginx:1", ImageID: id, ImageRepo: "nginx", ImageTag: "1",
		Privileged: true, HostNetwork: true, IP: "10.0.0.2", Started: 1795193856500000000, PID: 12,
		Mounts: []Mount{{"/a", "/b", "z", "rprivate", true}}, Labels: []Label{{"a", "b"}, {"io.kubernetes.pod.name", "p"}},
		Healthcheck: Probe{"/ok"}, Pod: Pod{Name: "p"},
	}
	if !reflect.DeepEqual(i, want) {
		t.Errorf("\n%+v, want\n%+v", i, want)
	}
}

func FuzzEngineAnswer(f *testing.F) {
	f.Add(`{"Id":"1","State":{"StartedAt":"0001-01-01T00:00:00Z"},"Config":{"Healthcheck":{"Test":["CMD"]}}}`)
	f.Fuzz(func(_ *testing.T, text string) {
		var c engineContainer
		if json.Unmarshal([]byte(text), &c) == nil {
			c.info(Podman)
		}
	})
}

// envelope is an event as containerd sends it.
func envelope(topic, id string) []byte {
	any := appendText(nil, 1, "containerd.events.ContainerCreate")
	any = appendText(any, anyValue, string(appendText(appendText(nil, eventID, id), 2, "image")))
	message := appendText([]byte{1<<3 | wireVarint, 7}, 2, "k8s.io")
	message = appendText(message, envelopeTopic, topic)
	return appendText(message, envelopeEvent, string(any))
}

func TestParseEnvelope(t *testing.T) {
	if topic, id := parseEnvelope(envelope(topicCreate, hexID)); topic != topicCreate || id != hexID {
		t.Errorf("%q %q", topic, id)
	}
	if topic, id := parseEnvelope([]byte{0xff}); topic != "" || id != "" {
		t.Errorf("%q %q", topic, id)
	}
}

func FuzzParseEnvelope(f *testing.F) {
	f.Add(envelope(topicDelete, hexID))
	f.Add([]byte{3<<3 | wireLength, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, message []byte) {
		if topic, id := parseEnvelope(message); len(topic)+len(id) > len(message) {
			t.Errorf("%q %q from %d bytes", topic, id, len(message))
		}
	})
}

func TestUsualSockets(t *testing.T) {
	found := false
	for _, s := range UsualSockets("/host") {
		if err := s.Validate(); err != nil || !strings.HasPrefix(s.Path, "/host/") {
			t.Errorf("%+v: %v", s, err)
		}
		found = found || s == Socket{KindCRI, "/host/run/containerd/containerd.sock"}
	}
	if !found {
		t.Error("containerd's usual place is missing")
	}
}
