package container

import (
	"strings"
	"testing"
)

const (
	hexID = "7951fb549ab99e0722a949b6c121634e1f3a36b5bacbe5392991e3b12251e6b8"
	short = "7951fb549ab9"
)

func TestMatchCgroup(t *testing.T) {
	for _, tt := range []struct{ path, id, runtime string }{
		{"/docker/" + hexID, short, Docker},
		{"/docker.slice/docker-" + hexID + ".scope", short, Docker},
		{"/system.slice/docker-" + hexID + ".scope/init.scope", short, Docker},
		{"/docker/" + hexID + "/system.slice/ssh.service", short, Docker},
		{"/system.slice/libpod-" + hexID, short, Podman},
		{"/machine.slice/libpod-" + hexID + ".scope", short, Podman},
		{"/machine.slice/libpod-" + hexID + ".scope/container", short, Podman},
		{"/machine.slice/libpod-conmon-" + hexID + ".scope", "", ""},
		{"/x.service/libpod-payload-" + hexID, short, Podman},
		{"/kubepods/besteffort/pod63b3/" + hexID, short, Runc},
		{"/kubepods.slice/cri-containerd-" + hexID + ".scope", short, Containerd},
		{"/kubepods-pod1.slice:cri-containerd:" + hexID, short, Containerd},
		{"/kubepods.slice/crio-" + hexID + ".scope", short, CRIO},
		{"/kubepods.slice/crio-conmon-" + hexID + ".scope", "", ""},
		{"/system.slice/nerdctl-" + hexID + ".scope", short, Containerd},
		{"/system.slice/runc-" + hexID + ".scope", short, Runc},
		{"/lxc/web", "web", LXC},
		{"/lxc.payload/web/system.slice", "web", LXC},
		{"/lxc.payload.a-long-container-name/init.scope", "a-long-container-name", LXC},
		{"/lxc.monitor.web", "", ""},
		{`/machine.slice/machine-lxc\x2d2293906\x2dlibvirt.scope/libvirt`, `2293906\x2dlibvirt`, LibvirtLXC},
		{"/machine/web.libvirt-lxc", "web", LibvirtLXC},
		{"/libvirt/lxc/web", "web", LibvirtLXC},
		{"/machine.slice/systemd-nspawn@web.service/payload", "web", Nspawn},
		{"/machine.slice/machine-web.scope", "web", Nspawn},
		{"/system.slice/bpm-job.scope", "job", BPM},
		{"/ecs/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef-1234567", "0123456789ab", ECS},
		{"/ecs/0123456789abcdef0123456789abcdef/" + hexID, short, Runc},
		{"/docker/" + strings.Repeat("a", 64) + "/docker/" + hexID, short, Docker},
		{"/default/test_container", "test_contain", Containerd},
		{"/ns/short", "short", Containerd},

		{"", "", ""},
		{"/", "", ""},
		{"/user.slice/user-1000.slice/user@1000.service/init.scope", "", ""},
		{"/system.slice/sshd.service", "", ""},
		{"/system.slice/sshd", "", ""},
		{"/default/some.service", "", ""},
		{"/bad..namespace/name", "", ""},
		{"/-ns/name", "", ""},
		{"/ns/a/b", "", ""},
		{"/docker/" + hexID[:63], "7951fb549ab9", Containerd},
		{"/docker/" + hexID[:63] + "g", "7951fb549ab9", Containerd},
		{"/docker/" + hexID + "0", "", ""},
	} {
		got, ok := MatchCgroup(tt.path)
		if ok != (tt.id != "") || ok && (got.ID != tt.id || got.Type != tt.runtime) {
			t.Errorf("MatchCgroup(%q) = %+v, %v, want %q of %q", tt.path, got, ok, tt.id, tt.runtime)
		}
		if ok && !strings.HasPrefix(got.FullID, got.ID) {
			t.Errorf("MatchCgroup(%q): id %q does not begin %q", tt.path, got.ID, got.FullID)
		}
	}
}

// Every process's cgroup goes through it.
func TestMatchCgroupDoesNotAllocate(t *testing.T) {
	paths := []string{
		"/kubepods.slice/cri-containerd-" + hexID + ".scope",
		"/user.slice/user-1000.slice/user@1000.service/init.scope",
	}
	if n := testing.AllocsPerRun(100, func() {
		for _, path := range paths {
			MatchCgroup(path)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzMatchCgroup(f *testing.F) {
	f.Add("/docker/" + hexID)
	f.Add("//:cri-containerd:/ecs/-")
	f.Fuzz(func(t *testing.T, path string) {
		if m, ok := MatchCgroup(path); ok && (m.ID == "" || m.Type == "" || !strings.Contains(path, m.ID)) {
			t.Errorf("MatchCgroup(%q) = %+v", path, m)
		}
	})
}

func TestMountFinder(t *testing.T) {
	mounts := []Mount{{Source: "/var/a", Dest: "/in/a"}, {Source: "/var/run/docker.sock", Dest: "/sock"}}
	finder, err := NewMountFinder("docker.*k$")
	if err != nil {
		t.Fatal(err)
	}
	if m := finder.BySource(mounts); m != &mounts[1] {
		t.Errorf("BySource = %v", m)
	}
	if m := finder.ByDest(mounts); m != nil {
		t.Errorf("ByDest = %v, want none", m)
	}
	if _, err := NewMountFinder("("); err == nil {
		t.Error("a broken pattern compiles")
	}
}
