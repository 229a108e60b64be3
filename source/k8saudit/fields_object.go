package k8saudit

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// listRow is a field that is the list of what a path leads to; an argument picks
// an item of the path's first list.
func listRow(name, path string, make document.Make, desc string) field.Definition {
	return field.Definition{
		Name: name, Type: field.Charbuf, List: true, Arg: field.ArgOptional | field.ArgIndex, Desc: desc,
		Get: document.AllMade(path, make), Bind: document.ItemOf(path, make),
	}
}

// allRow is listRow without arguments.
func allRow(name, path string, make document.Make, desc string) field.Definition {
	return field.Definition{Name: name, Type: field.Charbuf, List: true, Desc: desc, Get: document.AllMade(path, make)}
}

const subjects = "/requestObject/subjects/*"

// bindingFields are of requests with a RoleBinding or ClusterRoleBinding.
var bindingFields = []field.Definition{
	allRow("ka.req.binding.subjects", subjects, jsondoc.Node.Value, "Subjects of the binding, as JSON."),
	allRow("ka.req.binding.subjects.user_names", subjects, subjectNamed("User"), "Names of the users that are bound."),
	allRow("ka.req.binding.subjects.group_names", subjects, subjectNamed("Group"), "Names of the groups that are bound."),
	allRow("ka.req.binding.subjects.serviceaccount_names", subjects, subjectNamed("ServiceAccount"),
		"Names of the service accounts that are bound."),
	allRow("ka.req.binding.subjects.serviceaccount_ns_names", subjects, accountInNamespace,
		"The service accounts that are bound, as namespace:name."),
	row("ka.req.binding.role", "/requestObject/roleRef/name", "Name of the role that the binding gives."),
	{Name: "ka.req.binding.subject.has_name", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Bind: bindHasName,
		Desc: "true where a subject of the binding has the name, false where none has; missing for other requests."},
}

// roleFields are of requests with a Role or ClusterRole.
var roleFields = []field.Definition{
	allRow("ka.req.role.rules", "/requestObject/rules/*", jsondoc.Node.Value, "Rules of the role, as JSON."),
	listRow("ka.req.role.rules.apiGroups", "/requestObject/rules/*/apiGroups/*", document.Text, "API groups of the role's rules."),
	listRow("ka.req.role.rules.nonResourceURLs", "/requestObject/rules/*/nonResourceURLs/*", document.Text, "URLs of the role's rules."),
	listRow("ka.req.role.rules.verbs", "/requestObject/rules/*/verbs/*", document.Text, "Verbs of the role's rules."),
	listRow("ka.req.role.rules.resources", "/requestObject/rules/*/resources/*", document.Text, "Resources of the role's rules."),
}

// serviceFields are of requests with a Service or a ConfigMap.
var serviceFields = []field.Definition{
	row("ka.req.service.type", "/requestObject/spec/type", "Type of the service, such as NodePort."),
	{Name: "ka.req.service.ports", Type: field.Charbuf, List: true, Arg: field.ArgOptional | field.ArgIndex,
		Desc: "Ports of the service: one item, a JSON array.",
		Get:  document.All("/requestObject/spec/ports"),
		Bind: func(string) (field.Getter, error) { return document.All("/requestObject/spec/ports"), nil }},
	{Name: "ka.req.configmap.name", Type: field.Charbuf, Desc: "Name of the config map that the request is about.",
		Get: document.Field(configMapName)},
	row("ka.req.configmap.obj", "/requestObject/data", "Data of the config map, as JSON."),
}

// podFields are of requests with a pod.
var podFields = []field.Definition{
	row("ka.req.pod.host_ipc", "/requestObject/spec/hostIPC", "Whether the pod shares the host's IPC namespace."),
	row("ka.req.pod.host_network", "/requestObject/spec/hostNetwork", "Whether the pod shares the host's network."),
	row("ka.req.pod.host_pid", "/requestObject/spec/hostPID", "Whether the pod shares the host's process ids."),
	row("ka.req.pod.run_as_user", "/requestObject/spec/securityContext/runAsUser", "User id of the pod's security context."),
	row("ka.req.pod.run_as_group", "/requestObject/spec/securityContext/runAsGroup", "Group id of the pod's security context."),
	row("ka.req.pod.fs_group", "/requestObject/spec/securityContext/fsGroup", "Group that owns the pod's volumes."),
	allRow("ka.req.pod.supplemental_groups", "/requestObject/spec/securityContext/supplementalGroups/*", jsondoc.Node.Value,
		"Further group ids of the pod's processes."),
}

// volumeFields are of the volumes of a pod.
var volumeFields = []field.Definition{
	listRow("ka.req.pod.volumes.hostpath", volumes+"/hostPath/path", jsondoc.Node.Value, "Paths of the host that the pod's volumes show."),
	listRow("ka.req.pod.volumes.flexvolume_driver", volumes+"/flexVolume/driver", jsondoc.Node.Value, "Drivers of the pod's flex volumes."),
	{Name: "ka.req.pod.volumes.volume_type", Type: field.Charbuf, List: true, Arg: field.ArgOptional | field.ArgIndex,
		Desc: "Types of the pod's volumes, such as hostPath.",
		Get:  document.Field(volumeTypes(-1)), Bind: bindVolumeTypes},
	{Name: "ka.req.volume.hostpath", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Bind: bindHostPath,
		Desc: "true where a volume shows the path of the host that the argument names, false where none does; " +
			"a * at the end stands for anything. Missing for pods without volumes."},
}

// firstContainerFields are the older forms of the containers' fields.
var firstContainerFields = []field.Definition{
	row("ka.req.container.image", "/requestObject/spec/containers/0/image", "Image of the first container."),
	{Name: "ka.req.container.image.repository", Type: field.Charbuf, Desc: "Image of the first container without tag and digest.",
		Get: document.Field(func(e *document.Event) event.Value {
			return repository(firstImage.Find(e.Root), &e.Head.Scratch)
		})},
	{Name: "ka.req.container.privileged", Type: field.Charbuf, Desc: "true where a container is privileged, false where none is.",
		Get: document.Field(anyPrivileged)},
	row("ka.req.container.host_network", "/requestObject/spec/hostNetwork", "Whether the pod shares the host's network."),
}

var firstImage = jsondoc.MustPointer("/requestObject/spec/containers/0/image")
