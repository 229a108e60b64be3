package syscall

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/container"
)

var k8sFields = append([]field.Definition{
	{Name: "k8s.pod.name", Type: field.Charbuf, Desc: "Name of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.Name })},
	{Name: "k8s.pod.id", Type: field.Charbuf, Desc: "Unique id of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.UID })},
	{Name: "k8s.pod.uid", Type: field.Charbuf, Desc: "Unique id of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.UID })},
	{Name: "k8s.pod.sandbox_id", Type: field.Charbuf, Desc: "First 12 digits of the id of the pod's sandbox.",
		Get: containerText(func(c *container.Info) string { return c.Pod.SandboxID })},
	{Name: "k8s.pod.full_sandbox_id", Type: field.Charbuf, Desc: "Id of the pod's sandbox.",
		Get: containerText(func(c *container.Info) string { return c.Pod.FullSandboxID })},
	{Name: "k8s.pod.label", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Desc: "Label of the pod.",
		Bind: bindLabel(func(c *container.Info) []container.Label { return c.Pod.Labels })},
	{Name: "k8s.pod.labels", Type: field.Charbuf, Desc: "All labels of the pod as key:value, with commas between.",
		Get: labels(func(c *container.Info) []container.Label { return c.Pod.Labels })},
	{Name: "k8s.pod.ip", Type: field.Charbuf, Desc: "Address of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.IP })},
	{Name: "k8s.pod.cni.json", Type: field.Charbuf, Desc: "What the network plugins left, as JSON.",
		Get: containerText(func(c *container.Info) string { return c.CNI })},
	{Name: "k8s.ns.name", Type: field.Charbuf, Desc: "Namespace of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.Namespace })},
}, ownerFields()...)

// ownerFields are the fields of the objects that own a pod: for each kind its
// name, id and labels. Rule files may name them; they never have a value.
func ownerFields() []field.Definition {
	var rows []field.Definition
	for _, o := range []struct{ prefix, kind string }{
		{"k8s.rc", "replication controller"}, {"k8s.rs", "replica set"},
		{"k8s.deployment", "deployment"}, {"k8s.svc", "service"}, {"k8s.ns", "namespace"},
	} {
		if o.prefix != "k8s.ns" { // the runtime knows a pod's namespace
			rows = append(rows, field.Definition{Name: o.prefix + ".name", Type: field.Charbuf, Desc: "Name of the pod's " + o.kind + ".", Missing: noOwners})
		}
		rows = append(rows,
			field.Definition{Name: o.prefix + ".id", Type: field.Charbuf, Desc: "Id of the pod's " + o.kind + ".", Missing: noOwners},
			field.Definition{Name: o.prefix + ".label", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Desc: "Label of the pod's " + o.kind + ".", Missing: noOwners},
			field.Definition{Name: o.prefix + ".labels", Type: field.Charbuf, Desc: "Labels of the pod's " + o.kind + ".", Missing: noOwners})
	}
	return rows
}

// noOwners is why there are no owners of pods.
const noOwners = "the container runtime does not know it; the Collector's k8s_attributes processor adds it to detections"
