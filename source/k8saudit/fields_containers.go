package k8saudit

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

const spec = "/requestObject/spec/"

// containerLists are the lists of containers that a pod has.
var containerLists = []struct{ name, what string }{
	{"containers", "containers"},
	{"initContainers", "init containers"},
	{"ephemeralContainers", "ephemeral containers"},
}

// containerRows are the fields of each list.
var containerRows = []struct {
	name, path string
	make       document.Make
	desc       string
}{
	{"name", "/name", jsondoc.Node.Value, "Names of the "},
	{"image", "/image", jsondoc.Node.Value, "Images of the "},
	{"image.repository", "/image", repository, "Images, without tag and digest, of the "},
	{"command", "/command/*", document.Text, "Commands of the "},
	{"args", "/args/*", document.Text, "Arguments of the commands of the "},
	{"host_port", "/ports/*/hostPort", jsondoc.Node.Value, "Ports of the host that lead to the "},
	{"privileged", "/securityContext/privileged", jsondoc.Node.Value, "The privileged flags of the "},
	{"allow_privilege_escalation", "/securityContext/allowPrivilegeEscalation", jsondoc.Node.Value, "The allowPrivilegeEscalation flags of the "},
	{"read_only_fs", "/securityContext/readOnlyRootFilesystem", jsondoc.Node.Value, "The readOnlyRootFilesystem flags of the "},
	{"run_as_user", "/securityContext/runAsUser", jsondoc.Node.Value, "User ids of the "},
	{"run_as_group", "/securityContext/runAsGroup", jsondoc.Node.Value, "Group ids of the "},
	{"proc_mount", "/securityContext/procMount", jsondoc.Node.Value, "The procMount types of the "},
	{"add_capabilities", "/securityContext/capabilities/add/*", document.Text, "Capabilities that are added to the "},
}

// containerFields makes the fields of all lists.
func containerFields() []field.Definition {
	var table []field.Definition
	for _, list := range containerLists {
		prefix, items := "ka.req.pod."+list.name+".", spec+list.name+"/*"
		for _, r := range containerRows {
			if r.name == "host_port" && list.name == "ephemeralContainers" {
				continue // they cannot have ports
			}
			table = append(table, listRow(prefix+r.name, items+r.path, r.make, r.desc+list.what+"."))
		}
		table = append(table,
			effectiveRow(prefix+"eff_run_as_user", list.name, "runAsUser", "User ids that the "+list.what+" run with: their own, the pod's, or 0."),
			effectiveRow(prefix+"eff_run_as_group", list.name, "runAsGroup", "Group ids that the "+list.what+" run with: their own, the pod's, or 0."),
		)
	}
	return table
}

// effectiveRow is a field of the security context, of the container or else of
// the pod; 0 where neither has it.
func effectiveRow(name, list, key, desc string) field.Definition {
	own := jsondoc.MustPointer("/securityContext/" + key)
	pods := jsondoc.MustPointer(spec + "securityContext/" + key)
	get := func(only int) field.Getter {
		path := jsondoc.MustPath(spec + list + "/*")
		return document.Field(func(e *document.Event) event.Value {
			s := &e.Head.Scratch
			values := s.Values(8)
			path.Each(e.Root, only, func(container jsondoc.Node) {
				v := own.Find(container).Value(s)
				if !v.Exists() {
					v = pods.Find(e.Root).Value(s)
				}
				if !v.Exists() {
					v = event.Text("0")
				}
				values = append(values, v)
			})
			if len(values) == 0 {
				return event.Value{}
			}
			return event.ListOf(s.Keep(values))
		})
	}
	return field.Definition{
		Name: name, Type: field.Charbuf, List: true, Arg: field.ArgOptional | field.ArgIndex, Desc: desc, Get: get(-1),
		Bind: func(arg string) (field.Getter, error) {
			i, err := document.Index(arg)
			if err != nil {
				return nil, err
			}
			return get(i), nil
		},
	}
}
