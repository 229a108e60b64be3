package containers

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// shell is a command whose arguments hold a mark.
func shell(mark string) []string { return []string{"/bin/sh", "-c", "true lanner-mark-" + mark} }

// TestShellAtOnce runs a shell in a container at the moment of its start: who,
// where and in which image must be on the record, and conditions must see it.
func TestShellAtOnce(t *testing.T) {
	c := startContainerd(t)
	a := startAgent(t, sockets("cri", c.socket), 1)
	p := c.pod()
	id := p.create("pay", "sleep", "3600")
	c.startContainer(id)
	c.exec(id, shell("at-once ")...)
	a.find("Mark", "at-once").expect(t, map[string]any{
		"k8s.ns.name": namespace, "k8s.pod.name": p.name, "k8s.pod.uid": p.uid, "k8s.pod.sandbox_id": p.id[:12],
		"k8s.pod.label[app]": "checkout", "container.name": "pay", "container.full_id": id, "container.type": "containerd",
		"container.label[team]": "payments", "container.image.repository": imageName, "container.image.tag": imageTag,
		"container.privileged": false, "user.name": "root",
		"container.id": id, "k8s.namespace.name": namespace, "k8s.container.name": "pay",
		"container.image.name": imageName, "lanner.enrichment.status": nil,
	})
	a.find("Mark in the shop", "at-once")
	if wrong := a.of("Mark elsewhere", "at-once"); len(wrong) > 0 {
		t.Errorf("a condition did not see the pod: %s", wrong[0].body)
	}
}

// TestUsersOfContainers names a user that only the container has.
func TestUsersOfContainers(t *testing.T) {
	c := startContainerd(t)
	a := startAgent(t, sockets("cri", c.socket), 1)
	p := c.pod()
	id := p.createAs(&cri.ContainerConfig{
		Metadata: &cri.ContainerMetadata{Name: "desk"}, Image: &cri.ImageSpec{Image: image},
		Command: shell("clerk; sleep 3600"), LogPath: "desk.log",
		Linux: &cri.LinuxContainerConfig{SecurityContext: &cri.LinuxContainerSecurityContext{
			RunAsUser: &cri.Int64Value{Value: 4711}, RunAsGroup: &cri.Int64Value{Value: 4712},
			NamespaceOptions: p.sandbox.Linux.SecurityContext.NamespaceOptions,
		}},
	})
	c.startContainer(id)
	a.find("Mark", "clerk").expect(t, map[string]any{"user.name": "clerk", "group.name": "office", "proc.vpid": int64(1)})
}

// TestShortLivedContainers runs containers that end as soon as they have done
// something. None may be lost, and hardly one may lack its pod.
func TestShortLivedContainers(t *testing.T) {
	const count, atOnce = 200, 4
	c := startContainerd(t)
	a := startAgent(t, sockets("cri", c.socket), 1)
	p := c.pod()
	jobs := make(chan int)
	var running sync.WaitGroup
	for range atOnce {
		running.Go(func() {
			for i := range jobs {
				id := p.create(fmt.Sprintf("job-%d", i), shell(fmt.Sprintf("job-%d.", i))...)
				c.startContainer(id)
				c.awaitEnd(id)
				if _, err := c.runtime.RemoveContainer(t.Context(), &cri.RemoveContainerRequest{ContainerId: id}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range count {
		jobs <- i
	}
	close(jobs)
	running.Wait()
	p.create("last") // whatever is still on its way comes before its end
	a.stop()
	lost, bare := 0, 0
	for i := range count {
		mark := fmt.Sprintf("job-%d.", i)
		found := a.of("Mark", mark)
		if len(found) != 1 {
			lost++
			t.Logf("%d detections of %s", len(found), mark)
			continue
		}
		r := found[0]
		if r.field("k8s.pod.name") != p.name || r.field("container.name") != fmt.Sprintf("job-%d", i) ||
			r.field("container.image.repository") != imageName || r.attributes["lanner.enrichment.status"] != nil {
			bare++
			t.Logf("%v: %s", r.attributes["lanner.enrichment.status"], r.body)
		}
	}
	if lost > 0 || bare > count/100 {
		t.Errorf("of %d containers %d had not just one detection, %d were not known", count, lost, bare)
	}
	t.Logf("of %d containers %d were not fully known", count, bare)
}

// TestRuntimeRestart kills the runtime, acts, and starts it again.
func TestRuntimeRestart(t *testing.T) {
	c := startContainerd(t)
	a := startAgent(t, sockets("cri", c.socket), 1)
	p := c.pod()
	id := p.create("pay", "/bin/sh", "-c", "while true; do /bin/sh -c 'exec sleep 0.05' lanner-mark-beat; done")
	c.startContainer(id)
	known := map[string]any{"k8s.pod.name": p.name, "container.name": "pay"}
	a.find("Mark", "beat").expect(t, known)
	c.stop()
	before := len(a.of("Mark", "beat"))
	eventually(t, "detections go on without the runtime", func() bool { return len(a.of("Mark", "beat")) > before+5 })
	for _, r := range a.of("Mark", "beat") {
		r.expect(t, known)
	}
	c.start()
	second := p.create("late", shell("late ")...)
	c.startContainer(second)
	a.find("Mark", "late").expect(t, map[string]any{"k8s.pod.name": p.name, "container.name": "late", "lanner.enrichment.status": nil})
}
