package container

import (
	"fmt"
	"path/filepath"
	"slices"
)

// Kinds of runtimes' interfaces.
const (
	KindCRI    = "cri"
	KindDocker = "docker"
	KindPodman = "podman"
)

// Socket is where a runtime listens.
type Socket struct {
	Kind string // KindCRI, KindDocker or KindPodman
	Path string
}

// Validate checks a socket as far as that goes without looking for it.
func (s Socket) Validate() error {
	if !slices.Contains(Kinds(), s.Kind) {
		return fmt.Errorf("type: %q is none of %q", s.Kind, Kinds())
	}
	if !filepath.IsAbs(s.Path) {
		return fmt.Errorf("path: %q is not an absolute path", s.Path)
	}
	return nil
}

// Kinds are the interfaces that sockets can have.
func Kinds() []string { return []string{KindCRI, KindDocker, KindPodman} }

// usual are where runtimes listen if nobody changed it. Patterns stand for the
// sockets of users.
var usual = []Socket{
	{KindCRI, "/run/containerd/containerd.sock"},
	{KindCRI, "/run/crio/crio.sock"},
	{KindCRI, "/run/k3s/containerd/containerd.sock"},
	{KindCRI, "/run/k0s/containerd.sock"},
	{KindCRI, "/run/host-containerd/containerd.sock"}, // Bottlerocket
	{KindCRI, "/var/snap/microk8s/common/run/containerd.sock"},
	{KindDocker, "/run/docker.sock"},
	{KindPodman, "/run/podman/podman.sock"},
	{KindPodman, "/run/user/*/podman/podman.sock"},
}

// UsualSockets are the usual places below the root of a host, whether somebody
// listens there or not; of patterns those that exist.
func UsualSockets(hostRoot string) []Socket {
	var found []Socket
	for _, s := range usual {
		path := filepath.Join(hostRoot, s.Path)
		if filepath.Base(filepath.Dir(filepath.Dir(s.Path))) != "*" {
			found = append(found, Socket{s.Kind, path})
			continue
		}
		matches, err := filepath.Glob(path)
		if err != nil {
			continue // a host root with a bracket in it
		}
		for _, match := range matches {
			found = append(found, Socket{s.Kind, match})
		}
	}
	return found
}

// dial makes the client of a socket; it does not connect yet.
func (s Socket) dial() (client, error) {
	switch s.Kind {
	case KindCRI:
		return dialCRI(s.Path)
	case KindDocker:
		return dialEngine(s.Path, Docker), nil
	default:
		return dialEngine(s.Path, Podman), nil
	}
}
