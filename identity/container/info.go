// Package container knows the containers of a host: which container a cgroup
// belongs to, and what its runtime tells about it.
package container

import "sync/atomic"

// Info is what is known about one container. It is immutable once threads
// point at it; newer knowledge is a new Info, which Latest finds.
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

	Healthcheck, LivenessProbe, ReadinessProbe Probe

	Pod Pod
	PID int64 // of the first process, as the runtime sees it; 0 unknown

	// Known tells that the runtime has answered; before, only the ids are set.
	Known bool
	// Search is how the search for the rest stands where Known is false.
	Search Search

	next atomic.Pointer[Info] // newer knowledge of the same container
	wait *wait                // what is still to come; nil for what is no Directory's
}

// wait is what events of a container wait for. All Infos of a container in a
// Directory share one.
type wait struct {
	accounts atomic.Bool // its users and groups are being read
	named    atomic.Bool // they are known
	over     atomic.Bool // nobody waits any longer
}

// Search is how the search for a container's metadata stands.
type Search uint8

// The states of a search.
const (
	NotSearched Search = iota // nobody looks: captures, scripts
	Searching                 // an answer may come any moment
	NotFound                  // the runtimes answered that they do not know it
	NoRuntime                 // there is no runtime to ask
)

// Awaited tells whether more of the container may be known in a moment. It may be
// called from any goroutine.
func (i *Info) Awaited() bool {
	w := i.wait
	return w != nil && !w.over.Load() && (!i.Known && i.Search == Searching || w.accounts.Load())
}

// WaitNoMore has Awaited say no from now on, until the runtime tells something
// new.
func (i *Info) WaitNoMore() {
	if i.wait != nil {
		i.wait.over.Store(true)
	}
}

// Latest is the newest that is known of i's container, often i itself. It may
// be called from any goroutine.
func (i *Info) Latest() *Info {
	for next := i.next.Load(); next != nil; next = i.next.Load() {
		i = next
	}
	return i
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
