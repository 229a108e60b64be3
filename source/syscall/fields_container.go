package syscall

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
)

var containerFields = []field.Definition{
	{Name: "container.id", Type: field.Charbuf, Desc: "First 12 digits of the container's id, host outside containers.",
		Get: func(ev *event.Event) event.Value { return event.Text(of(ev).container().ID) }},
	{Name: "container.full_id", Type: field.Charbuf, Desc: "The container's id, host outside containers.",
		Get: func(ev *event.Event) event.Value { return event.Text(of(ev).container().FullID) }},
	{Name: "container.name", Type: field.Charbuf, Desc: "The container's name, host outside containers.",
		Get: containerText(func(c *container.Info) string { return c.Name })},
	{Name: "container.type", Type: field.Charbuf, Desc: "Runtime of the container: docker, containerd, cri-o, podman, …",
		Get: containerText(func(c *container.Info) string { return c.Type })},
	{Name: "container.image", Type: field.Charbuf, Desc: "Image as given to the runtime.",
		Get: containerText(func(c *container.Info) string { return c.Image })},
	{Name: "container.image.id", Type: field.Charbuf, Desc: "Id of the image.",
		Get: containerText(func(c *container.Info) string { return c.ImageID })},
	{Name: "container.image.repository", Type: field.Charbuf, Desc: "Repository of the image, without tag.",
		Get: containerText(func(c *container.Info) string { return c.ImageRepo })},
	{Name: "container.image.tag", Type: field.Charbuf, Desc: "Tag of the image.",
		Get: containerText(func(c *container.Info) string { return c.ImageTag })},
	{Name: "container.image.digest", Type: field.Charbuf, Desc: "Digest of the image.",
		Get: containerText(func(c *container.Info) string { return c.ImageDigest })},
	{Name: "container.privileged", Type: field.Bool, Desc: "Whether the container is privileged.",
		Get: containerBool(func(c *container.Info) bool { return c.Privileged })},
	{Name: "container.host_pid", Type: field.Bool, Desc: "Whether the container has the host's pid namespace.",
		Get: containerBool(func(c *container.Info) bool { return c.HostPID })},
	{Name: "container.host_network", Type: field.Bool, Desc: "Whether the container has the host's network namespace.",
		Get: containerBool(func(c *container.Info) bool { return c.HostNetwork })},
	{Name: "container.host_ipc", Type: field.Bool, Desc: "Whether the container has the host's IPC namespace.",
		Get: containerBool(func(c *container.Info) bool { return c.HostIPC })},
	{Name: "container.ip", Type: field.Charbuf, Desc: "Address of the container.",
		Get: containerText(func(c *container.Info) string { return c.IP })},
	{Name: "container.cni.json", Type: field.Charbuf, Desc: "What the network plugins left, as JSON.",
		Get: containerText(func(c *container.Info) string { return c.CNI })},
	{Name: "container.healthcheck", Type: field.Charbuf, Desc: "Command of the container's health check.",
		Get: containerProbe(healthcheck)},
	{Name: "container.liveness_probe", Type: field.Charbuf, Desc: "Command of the container's liveness probe.",
		Get: containerProbe(livenessProbe)},
	{Name: "container.readiness_probe", Type: field.Charbuf, Desc: "Command of the container's readiness probe.",
		Get: containerProbe(readinessProbe)},
	{Name: "container.start_ts", Type: field.AbsTime, Desc: "Start of the container, in nanoseconds since the epoch.", Get: containerStart},
	{Name: "container.duration", Type: field.RelTime, Desc: "Nanoseconds since the start of the container.", Get: containerDuration},
	{Name: "container.label", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Desc: "Label of the container.",
		Bind: bindLabel(func(c *container.Info) []container.Label { return c.Labels })},
	{Name: "container.labels", Type: field.Charbuf, Desc: "All labels of the container as key:value, with commas between.",
		Get: labels(func(c *container.Info) []container.Label { return c.Labels })},
	{Name: "container.mounts", Type: field.Charbuf, Desc: "All mounts of the container as source:destination:mode:rdwr:propagation, with commas between.", Get: mounts},
	{Name: "container.mount", Type: field.Charbuf, Arg: mountArg, Desc: "One mount of the container, by number or by a regular expression for its source.", Bind: bindMount((*container.MountFinder).BySource, appendMount)},
	{Name: "container.mount.source", Type: field.Charbuf, Arg: mountArg, Desc: "Source of one mount, by number or by a regular expression for its destination.", Bind: bindMount((*container.MountFinder).ByDest, appendSource)},
	{Name: "container.mount.dest", Type: field.Charbuf, Arg: mountArg, Desc: "Destination of one mount, by number or by a regular expression for its source.", Bind: bindMount((*container.MountFinder).BySource, appendDest)},
	{Name: "container.mount.mode", Type: field.Charbuf, Arg: mountArg, Desc: "Mode of one mount, by number or by a regular expression for its source.", Bind: bindMount((*container.MountFinder).BySource, appendMode)},
	{Name: "container.mount.rdwr", Type: field.Charbuf, Arg: mountArg, Desc: "Whether one mount is writable, by number or by a regular expression for its source.", Bind: bindMount((*container.MountFinder).BySource, appendRW)},
	{Name: "container.mount.propagation", Type: field.Charbuf, Arg: mountArg, Desc: "Propagation of one mount, by number or by a regular expression for its source.", Bind: bindMount((*container.MountFinder).BySource, appendPropagation)},
	{Name: "proc.is_container_healthcheck", Type: field.Bool, Desc: "Whether the process is part of the container's health check.",
		Get: isProbe(healthcheck)},
	{Name: "proc.is_container_liveness_probe", Type: field.Bool, Desc: "Whether the process is part of the container's liveness probe.",
		Get: isProbe(livenessProbe)},
	{Name: "proc.is_container_readiness_probe", Type: field.Bool, Desc: "Whether the process is part of the container's readiness probe.",
		Get: isProbe(readinessProbe)},
}

// container is what is known of the event's container; of the host where it
// has none.
func (e *Event) container() *container.Info {
	if e.Container != nil {
		return e.Container
	}
	if e.Thread == nil || e.Thread.Container == nil {
		return container.Host
	}
	return e.Thread.Container
}

// containerText makes a getter of a text, missing where the runtime did not
// tell it.
func containerText(get func(*container.Info) string) field.Getter {
	return func(ev *event.Event) event.Value {
		if s := get(of(ev).container()); s != "" {
			return event.Text(s)
		}
		return event.Value{}
	}
}

// containerBool makes a getter of a fact, missing outside containers and where
// the runtime did not answer.
func containerBool(get func(*container.Info) bool) field.Getter {
	return func(ev *event.Event) event.Value {
		c := of(ev).container()
		if c.IsHost() || !c.Known {
			return event.Value{}
		}
		return event.Bool(get(c))
	}
}

func healthcheck(c *container.Info) container.Probe    { return c.Healthcheck }
func livenessProbe(c *container.Info) container.Probe  { return c.LivenessProbe }
func readinessProbe(c *container.Info) container.Probe { return c.ReadinessProbe }

// containerProbe makes a getter of a probe's command line, missing where there
// is no probe.
func containerProbe(get func(*container.Info) container.Probe) field.Getter {
	return func(ev *event.Event) event.Value {
		probe := get(of(ev).container())
		if len(probe) == 0 {
			return event.Value{}
		}
		b := ev.Scratch.Buffer(argsRoom)
		for i, arg := range probe {
			if i > 0 {
				b = append(b, ' ')
			}
			b = append(b, arg...)
		}
		return event.Text(ev.Scratch.Text(b))
	}
}

// isProbe makes a getter that tells whether the process is part of a probe: what
// came from outside into the container, as engine and kubelet start probes, has
// the probe's arguments. It is missing where no runtime told of probes.
func isProbe(get func(*container.Info) container.Probe) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		c, t := e.container(), e.main()
		if c.IsHost() || !c.Known || t == nil {
			return event.Value{}
		}
		t = entered(t)
		return event.Bool(t.VPID != 1 && get(c).Matches(t.Exe, t.Args))
	}
}

// entered is t's oldest ancestor in the same container, or t: the process that
// came in from outside.
func entered(t *process.Thread) *process.Thread {
	for n := 0; n < maxAncestors; n++ {
		p := t.Parent()
		if p == nil || p.Container == nil || t.Container == nil || p.Container.FullID != t.Container.FullID {
			break
		}
		t = p
	}
	return t
}

func containerStart(ev *event.Event) event.Value {
	if start := of(ev).containerStart(); start != 0 {
		return event.Uint(start)
	}
	return event.Value{}
}

func containerDuration(ev *event.Event) event.Value {
	return elapsed(of(ev).containerStart(), ev.Time)
}

// containerStart is when the runtime started the container; before it tells, when
// the first process of the event's pid namespace started. 0 where neither is known.
func (e *Event) containerStart() uint64 {
	c := e.container()
	if c.Started != 0 || c.IsHost() || e.Thread == nil || !e.Thread.InPidNamespace() {
		return c.Started
	}
	return e.Thread.PidnsInitStartTime
}

// bindLabel makes a Bind of one of the labels that get yields.
func bindLabel(get func(*container.Info) []container.Label) func(string) (field.Getter, error) {
	return func(key string) (field.Getter, error) {
		return func(ev *event.Event) event.Value {
			if v, ok := container.Find(get(of(ev).container()), key); ok {
				return event.Text(v)
			}
			return event.Value{}
		}, nil
	}
}

// labels makes a getter of all labels that get yields.
func labels(get func(*container.Info) []container.Label) field.Getter {
	return func(ev *event.Event) event.Value {
		all := get(of(ev).container())
		if len(all) == 0 {
			return event.Value{}
		}
		b := ev.Scratch.Buffer(argsRoom)
		for i := range all {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(b, all[i].Key...)
			b = append(b, ':')
			b = append(b, all[i].Value...)
		}
		return event.Text(ev.Scratch.Text(b))
	}
}

func mounts(ev *event.Event) event.Value {
	all := of(ev).container().Mounts
	if len(all) == 0 {
		return event.Value{}
	}
	b := ev.Scratch.Buffer(argsRoom)
	for i := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMount(b, &all[i])
	}
	return event.Text(ev.Scratch.Text(b))
}

// mountArg: a mount is named by number or pattern.
const mountArg = field.ArgRequired | field.ArgIndex | field.ArgKey

func appendMount(b []byte, m *container.Mount) []byte {
	b = append(append(b, m.Source...), ':')
	b = append(append(b, m.Dest...), ':')
	b = append(append(b, m.Mode...), ':')
	b = append(appendRW(b, m), ':')
	return append(b, m.Propagation...)
}

func appendSource(b []byte, m *container.Mount) []byte      { return append(b, m.Source...) }
func appendDest(b []byte, m *container.Mount) []byte        { return append(b, m.Dest...) }
func appendMode(b []byte, m *container.Mount) []byte        { return append(b, m.Mode...) }
func appendPropagation(b []byte, m *container.Mount) []byte { return append(b, m.Propagation...) }
func appendRW(b []byte, m *container.Mount) []byte          { return strconv.AppendBool(b, m.RW) }
