package container

import (
	"encoding/json"
	"slices"
)

// criInfo is what the verbose answers of CRI runtimes tell beside what the
// interface defines: one JSON text, which containerd and CRI-O make alike.
type criInfo struct {
	SandboxID  string
	PID        int64
	Privileged bool
	CNI        string
	spec       ociSpec
}

// ociSpec are the parts of a runtime specification that tell what a container
// may do.
type ociSpec struct {
	Mounts []struct {
		Destination, Type, Source string
		Options                   []string
	}
	Linux *struct {
		Namespaces []struct{ Type, Path string }
	}
}

// parseCRIInfo reads the map of texts of an answer. What does not parse is left
// out: it is no part of the interface.
func parseCRIInfo(info map[string]string) criInfo {
	var text struct {
		SandboxID   string          `json:"sandboxID"`
		PID         int64           `json:"pid"`
		Privileged  bool            `json:"privileged"` // CRI-O
		CNIResult   json.RawMessage `json:"cniResult"`
		RuntimeSpec ociSpec         `json:"runtimeSpec"`
		Config      struct {        // containerd
			Linux struct {
				SecurityContext struct {
					Privileged bool `json:"privileged"`
				} `json:"security_context"`
			} `json:"linux"`
		} `json:"config"`
	}
	if json.Unmarshal([]byte(info["info"]), &text) != nil {
		return criInfo{}
	}
	more := criInfo{
		SandboxID: text.SandboxID, PID: text.PID, spec: text.RuntimeSpec,
		Privileged: text.Privileged || text.Config.Linux.SecurityContext.Privileged,
	}
	if string(text.CNIResult) != "null" {
		more.CNI = bounded(string(text.CNIResult), maxCNI)
	}
	return more
}

// maxCNI bounds what is kept of the network plugins' result.
const maxCNI = 16 << 10

// fill tells i what the specification says.
func (more *criInfo) fill(i *Info) {
	i.PID, i.Privileged = more.PID, more.Privileged
	if more.spec.Linux == nil {
		return
	}
	i.HostPID, i.HostNetwork, i.HostIPC = !more.hasNamespace("pid"), !more.hasNamespace("network"), !more.hasNamespace("ipc")
}

// hasNamespace tells whether the container has a namespace other than the
// host's.
func (more *criInfo) hasNamespace(kind string) bool {
	for _, ns := range more.spec.Linux.Namespaces {
		if ns.Type == kind {
			return true
		}
	}
	return false
}

// lastApplied is the annotation in which kubectl keeps what a user wrote: the
// only place where a node learns of probes without asking the API server.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// setProbes finds the probes of i's container in the pod's annotations.
func (i *Info) setProbes(annotations map[string]string) {
	type probe struct{ Exec struct{ Command []string } }
	type container struct {
		Name                          string
		LivenessProbe, ReadinessProbe probe
	}
	var pod struct {
		Spec struct{ Containers []container }
	}
	if json.Unmarshal([]byte(annotations[lastApplied]), &pod) != nil {
		return
	}
	at := slices.IndexFunc(pod.Spec.Containers, func(c container) bool { return c.Name == i.Pod.Container })
	if at >= 0 {
		i.LivenessProbe = pod.Spec.Containers[at].LivenessProbe.Exec.Command
		i.ReadinessProbe = pod.Spec.Containers[at].ReadinessProbe.Exec.Command
	}
}
