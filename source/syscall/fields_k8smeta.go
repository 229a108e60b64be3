package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/container"
)

// k8smetaFields are the names under which a plugin of the reference knows the
// pod and its owners. Rules that were written for the plugin load, and see what
// the container runtime knows of the pod.
var k8smetaFields = append([]field.Definition{
	{Name: "k8smeta.pod.name", Type: field.Charbuf, Desc: "Name of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.Name })},
	{Name: "k8smeta.pod.uid", Type: field.Charbuf, Desc: "Unique id of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.UID })},
	{Name: "k8smeta.pod.label", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Desc: "Label of the pod.",
		Bind: bindLabel(func(c *container.Info) []container.Label { return c.Pod.Labels })},
	{Name: "k8smeta.pod.labels", Type: field.Charbuf, List: true, Desc: "All labels of the pod, each as key:value.", Get: podLabels},
	{Name: "k8smeta.pod.ip", Type: field.Charbuf, Desc: "Address of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.IP })},
	{Name: "k8smeta.ns.name", Type: field.Charbuf, Desc: "Namespace of the pod.",
		Get: containerText(func(c *container.Info) string { return c.Pod.Namespace })},
}, metaOwnerFields()...)

// metaOwnerFields are the name, id and labels of the objects that own a pod.
func metaOwnerFields() []field.Definition {
	var rows []field.Definition
	for _, o := range []struct {
		prefix, kind string
		many         bool // a pod can have several
	}{
		{"k8smeta.ns", "namespace", false}, {"k8smeta.deployment", "deployment", false}, {"k8smeta.svc", "service", true},
		{"k8smeta.rs", "replica set", false}, {"k8smeta.rc", "replication controller", false},
	} {
		if o.prefix != "k8smeta.ns" { // the runtime knows a pod's namespace
			rows = append(rows, field.Definition{Name: o.prefix + ".name", Type: field.Charbuf, List: o.many, Desc: "Name of the pod's " + o.kind + ".", Missing: noOwners})
		}
		rows = append(rows,
			field.Definition{Name: o.prefix + ".uid", Type: field.Charbuf, List: o.many, Desc: "Id of the pod's " + o.kind + ".", Missing: noOwners},
			field.Definition{Name: o.prefix + ".label", Type: field.Charbuf, List: o.many, Arg: field.ArgRequired | field.ArgKey,
				Desc: "Label of the pod's " + o.kind + ".", Missing: noOwners},
			field.Definition{Name: o.prefix + ".labels", Type: field.Charbuf, List: true, Desc: "Labels of the pod's " + o.kind + ".", Missing: noOwners})
	}
	return rows
}

// podLabels is the labels of the pod as a list.
func podLabels(ev *event.Event) event.Value {
	all := of(ev).container().Pod.Labels
	if len(all) == 0 {
		return event.Value{}
	}
	list := ev.Scratch.List(len(all))
	for i := range all {
		b := ev.Scratch.Buffer(len(all[i].Key) + len(all[i].Value) + 1)
		b = append(append(append(b, all[i].Key...), ':'), all[i].Value...)
		list[i] = event.Text(ev.Scratch.Text(b))
	}
	return event.ListOf(list)
}
