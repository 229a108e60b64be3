package otelmap

import (
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// place is the part of the log data that an attribute stands on.
type place uint8

const (
	onRecord place = iota
	onResource
)

// attribute is one row of the table: the field that it comes from and where it
// goes. Of several rows with one key the first that has a value counts.
type attribute struct {
	key   string
	field string
	on    place
	// only decides whether the detection has the attribute at all; nil is always.
	only func(fields) bool
	// put converts the value; nil keeps the type that the field has.
	put converter
}

// attributes is the table. The fields that it names are captured with every
// detection, whether the rule prints them or not.
var attributes = []attribute{
	{key: string(semconv.ProcessPIDKey), field: "proc.pid"},
	{key: string(semconv.ProcessParentPIDKey), field: "proc.ppid"},
	{key: string(semconv.ProcessVpidKey), field: "proc.vpid"},
	{key: string(semconv.ProcessSessionLeaderPIDKey), field: "proc.sid"},
	{key: string(semconv.ProcessGroupLeaderPIDKey), field: "proc.pgid"},
	{key: string(semconv.ThreadIDKey), field: "thread.tid"},
	{key: string(semconv.ProcessExecutablePathKey), field: "proc.exepath"},
	{key: string(semconv.ProcessExecutableNameKey), field: "proc.exepath", put: putBase},
	{key: string(semconv.ProcessCommandLineKey), field: "proc.cmdline"},
	{key: string(semconv.ProcessCommandArgsKey), field: "lanner.argv"},
	{key: string(semconv.ProcessWorkingDirectoryKey), field: "proc.cwd", put: putDirectory},
	{key: string(semconv.ProcessInteractiveKey), field: "proc.tty", put: putNonZero},
	{key: "lanner.process.comm", field: "proc.name"},
	{key: "lanner.process.parent.comm", field: "proc.pname"},
	{key: "lanner.process.parent.command_line", field: "proc.pcmdline"},
	{key: "lanner.process.parent.executable.path", field: "proc.pexepath"},

	{key: string(semconv.ProcessUserIDKey), field: "user.uid"},
	{key: string(semconv.ProcessUserNameKey), field: "user.name"},
	{key: "lanner.process.login_user.id", field: "user.loginuid", put: putUnlessNegative},
	{key: "lanner.process.login_user.name", field: "user.loginname"},
	{key: "lanner.process.group.id", field: "group.gid"},
	{key: "lanner.process.group.name", field: "group.name"},

	{key: string(semconv.FilePathKey), field: "fd.name", only: onFile},
	{key: string(semconv.FilePathKey), field: "fs.path.name"},
	{key: string(semconv.FileDirectoryKey), field: "fd.directory", only: onFile},
	{key: string(semconv.FileDirectoryKey), field: "fs.path.name", put: putParent},
	{key: string(semconv.FileNameKey), field: "fd.filename", only: onFile},
	{key: string(semconv.FileNameKey), field: "fs.path.name", put: putBase},
	{key: "lanner.file.source_path", field: "fs.path.source"},
	{key: "lanner.file.target_path", field: "fs.path.target"},

	{key: string(semconv.NetworkLocalAddressKey), field: "fd.lip"},
	{key: string(semconv.NetworkLocalPortKey), field: "fd.lport"},
	{key: string(semconv.NetworkPeerAddressKey), field: "fd.rip"},
	{key: string(semconv.NetworkPeerPortKey), field: "fd.rport"},
	{key: string(semconv.SourceAddressKey), field: "fd.cip"},
	{key: string(semconv.SourcePortKey), field: "fd.cport"},
	{key: string(semconv.DestinationAddressKey), field: "fd.sip"},
	{key: string(semconv.DestinationPortKey), field: "fd.sport"},
	{key: string(semconv.NetworkTransportKey), field: "fd.l4proto", put: putTransport},
	{key: string(semconv.NetworkTransportKey), field: fieldFDType, only: onUnixSocket},
	{key: string(semconv.NetworkTypeKey), field: fieldFDType, only: onIPSocket},

	// The whole id, because that is what k8s_attributes and runtimes know.
	{key: string(semconv.ContainerIDKey), field: "container.full_id", on: onResource, only: inContainer},
	{key: string(semconv.ContainerIDKey), field: fieldContainerID, on: onResource, only: inContainer},
	{key: string(semconv.ContainerNameKey), field: "container.name", on: onResource, only: inContainer},
	{key: string(semconv.ContainerRuntimeNameKey), field: "container.type", on: onResource, only: inContainer},
	{key: string(semconv.ContainerImageNameKey), field: fieldImage, on: onResource, only: inContainer},
	{key: string(semconv.ContainerImageTagsKey), field: "container.image.tag", on: onResource, only: inContainer, put: putSlice},
	{key: string(semconv.ContainerImageRepoDigestsKey), field: "container.image.digest", on: onResource, only: inContainer, put: putRepoDigest},
	{key: string(semconv.ContainerImageIDKey), field: "container.image.id", on: onResource, only: inContainer},
	{key: string(semconv.K8SNamespaceNameKey), field: "k8s.ns.name", on: onResource},
	{key: string(semconv.K8SPodNameKey), field: "k8s.pod.name", on: onResource},
	{key: string(semconv.K8SPodUIDKey), field: "k8s.pod.uid", on: onResource},
	{key: string(semconv.K8SContainerNameKey), field: "container.label[io.kubernetes.container.name]", on: onResource},
	{key: "lanner.enrichment.status", field: "lanner.enrichment.status"},
	{key: string(semconv.HostNameKey), field: "evt.hostname", on: onResource},
}

// Fields that rows, conditions and converters name in more than one place.
const (
	fieldContainerID = "container.id"
	fieldFDType      = "fd.type"
	fieldImage       = "container.image.repository"
	fieldTrace       = "proc.env[TRACEPARENT]"
)

// context are the fields that no row stands for, but that the mapping reads.
var context = []string{fieldFDType, fieldTrace}
