// Package container knows the containers of a host: which container a cgroup
// belongs to, and what its runtime tells about it.
package container

// Info is what is known about one container. It is immutable once threads
// point at it; newer knowledge is a new Info.
type Info struct {
	ID     string // first 12 digits of the runtime's id; "host" outside containers
	FullID string
	Name   string
	Type   string // runtime: docker, containerd, cri-o, podman, …

	Image       string // reference as given to the runtime
	ImageID     string
	ImageRepo   string
	ImageTag    string
	ImageDigest string

	Privileged  bool
	HostPID     bool
	HostNetwork bool
	HostIPC     bool
	IP          string
	CNI         string // JSON that the network plugins left
	Started     uint64 // ns since the epoch, 0 unknown

	Mounts []Mount
	Labels []Label

	Healthcheck, LivenessProbe, ReadinessProbe string // command lines

	Pod Pod

	// Known tells that the runtime has answered; before, only the ids are set.
	Known bool
}

// Mount is one mount of a container.
type Mount struct {
	Source, Dest, Mode, Propagation string
	RW                              bool
}

// Label is a key and value that the runtime keeps of a container or pod.
type Label struct{ Key, Value string }

// Pod is what the runtime tells about a container's Kubernetes pod; without a
// name there is none.
type Pod struct {
	Name, UID, Namespace string
	Container            string // name of the container within the pod
	SandboxID            string // first 12 digits
	FullSandboxID        string
	IP                   string
	Labels               []Label
}

// HostID is the id and the name of what runs outside containers.
const HostID = "host"

// Host is the Info of processes outside containers.
var Host = &Info{ID: HostID, FullID: HostID, Name: HostID, Known: true}

// IsHost tells whether i stands for the host.
func (i *Info) IsHost() bool { return i.ID == HostID }

// ShortID is the form of a container id that rules compare with.
func ShortID(id string) string { return id[:min(len(id), 12)] }

// Find is the value of a key in labels.
func Find(labels []Label, key string) (string, bool) {
	for i := range labels {
		if labels[i].Key == key {
			return labels[i].Value, true
		}
	}
	return "", false
}
