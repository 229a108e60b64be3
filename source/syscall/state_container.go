package syscall

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
)

// maxContainers bounds how many containers a State knows.
const maxContainers = 1 << 14

// containerRecord is what an event tells about a container.
type containerRecord struct {
	Container struct {
		ID            string            `json:"id"`
		FullID        string            `json:"full_id"`
		Name          string            `json:"name"`
		Type          int               `json:"type"`
		Image         string            `json:"image"`
		ImageID       string            `json:"imageid"`
		ImageRepo     string            `json:"imagerepo"`
		ImageTag      string            `json:"imagetag"`
		ImageDigest   string            `json:"imagedigest"`
		Privileged    bool              `json:"privileged"`
		HostPID       bool              `json:"host_pid"`
		HostNetwork   bool              `json:"host_network"`
		HostIPC       bool              `json:"host_ipc"`
		IP            string            `json:"ip"`
		CNI           string            `json:"cni_json"`
		Created       uint64            `json:"created_time"` // seconds since the epoch
		Mounts        []containerMount  `json:"Mounts"`
		Labels        map[string]string `json:"labels"`
		PodSandbox    string            `json:"pod_sandbox_id"`
		PodSandboxIP  string            `json:"pod_ip"`
		PodSandLabels map[string]string `json:"pod_sandbox_labels"`
	} `json:"container"`
}

type containerMount struct {
	Source      string
	Destination string
	Mode        string
	RW          bool
	Propagation string
}

// containerTypes are the runtimes by their numbers in such events.
var containerTypes = []string{
	"docker", "lxc", "libvirt-lxc", "mesos", "rkt", "custom", "cri", "containerd", "cri-o", "bpm", "static", "podman",
}

// podLabels are the labels that the kubelet gives containers.
const (
	labelPodName      = "io.kubernetes.pod.name"
	labelPodUID       = "io.kubernetes.pod.uid"
	labelPodNamespace = "io.kubernetes.pod.namespace"
	labelPodContainer = "io.kubernetes.container.name"
)

// info makes an Info of the record; nil where it names no container.
func (r *containerRecord) info() *container.Info {
	c := &r.Container
	if c.ID == "" {
		return nil
	}
	info := &container.Info{
		ID: container.ShortID(c.ID), FullID: c.FullID, Name: c.Name,
		Image: c.Image, ImageID: c.ImageID, ImageRepo: c.ImageRepo, ImageTag: c.ImageTag, ImageDigest: c.ImageDigest,
		Privileged: c.Privileged, HostPID: c.HostPID, HostNetwork: c.HostNetwork, HostIPC: c.HostIPC,
		IP: c.IP, CNI: c.CNI, Started: c.Created * 1e9, Labels: sortedLabels(c.Labels), Known: true,
	}
	if c.Type >= 0 && c.Type < len(containerTypes) {
		info.Type = containerTypes[c.Type]
	}
	for _, m := range c.Mounts {
		info.Mounts = append(info.Mounts, container.Mount{
			Source: m.Source, Dest: m.Destination, Mode: m.Mode, RW: m.RW, Propagation: m.Propagation,
		})
	}
	info.Pod = container.Pod{
		Name: c.Labels[labelPodName], UID: c.Labels[labelPodUID], Namespace: c.Labels[labelPodNamespace],
		Container: c.Labels[labelPodContainer], SandboxID: container.ShortID(c.PodSandbox), FullSandboxID: c.PodSandbox,
		IP: c.PodSandboxIP, Labels: sortedLabels(c.PodSandLabels),
	}
	return info
}

func sortedLabels(labels map[string]string) []container.Label {
	var list []container.Label
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		list = append(list, container.Label{Key: key, Value: labels[key]})
	}
	return list
}

// container is an event that tells about a container, which the event is about
// itself too.
func (s *State) container(e *Event) {
	text := e.RawText(0)
	if e.Info.Num == EvAsynceventE {
		text = e.RawText(2)
		if name := e.Text(1); name != "container" && name != "container_added" {
			return
		}
	}
	var record containerRecord
	if json.Unmarshal(trimNUL(text), &record) != nil {
		return
	}
	info := record.info()
	if info == nil {
		return
	}
	e.Container = info
	s.learnContainer(info)
}

// trimNUL is text without the NUL behind it, as bytes.
func trimNUL(text string) []byte {
	for text != "" && text[len(text)-1] == 0 {
		text = text[:len(text)-1]
	}
	return []byte(text)
}

// learnContainer tells all threads of a container what is known of it now.
func (s *State) learnContainer(info *container.Info) {
	if s.containers == nil {
		s.containers = map[string]*container.Info{}
	}
	if len(s.containers) >= maxContainers {
		for id := range s.containers { // any: which one is over cannot be known
			delete(s.containers, id)
			break
		}
	}
	s.containers[info.ID] = info
	s.Threads.Each(func(th *process.Thread) bool {
		if th.Container != nil && th.Container.ID == info.ID {
			if info.FullID == "" {
				info.FullID = th.Container.FullID
			}
			th.Container = info
		}
		return true
	})
}

// enrich gives a thread what is known of its container.
func (s *State) enrich(th *process.Thread) {
	if th.Container != nil && !th.Container.Known {
		if info := s.containers[th.Container.ID]; info != nil {
			th.Container = info
		}
	}
}
