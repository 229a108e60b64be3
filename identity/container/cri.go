package container

import (
	"context"
	"errors"
	"os"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// maxAnswer bounds an answer: a container's labels are in it, and its whole
// specification.
const maxAnswer = 16 << 20

// criClient asks a runtime that serves a kubelet. It knows pods.
type criClient struct {
	conn    *grpc.ClientConn
	runtime cri.RuntimeServiceClient
	images  cri.ImageServiceClient
	name    string // set by hello, before anything else is asked

	pods    recent[*sandboxInfo]
	sources recent[*cri.Image] // by the reference of what was pulled
}

// dialCRI makes the client of a runtime's socket. It looks for the socket
// itself: gRPC would log a warning for each of the usual places without one.
func dialCRI(path string) (client, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient("unix://"+path,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer)))
	if err != nil {
		return nil, err
	}
	return &criClient{conn: conn, runtime: cri.NewRuntimeServiceClient(conn), images: cri.NewImageServiceClient(conn)}, nil
}

func (c *criClient) close() error { return c.conn.Close() }

func (c *criClient) hello(ctx context.Context) (string, error) {
	version, err := c.runtime.Version(ctx, &cri.VersionRequest{})
	if err != nil {
		return "", criError(err)
	}
	c.name = version.RuntimeName
	return c.name + " " + version.RuntimeVersion, nil
}

// lookup asks for a container, then for a pod's sandbox with that id, which is
// a container too.
func (c *criClient) lookup(ctx context.Context, id string) (*Info, error) {
	answer, err := c.runtime.ContainerStatus(ctx, &cri.ContainerStatusRequest{ContainerId: id, Verbose: true})
	if errors.Is(criError(err), ErrNotFound) {
		return c.lookupSandbox(ctx, id)
	}
	if err != nil {
		return nil, criError(err)
	}
	return c.container(ctx, answer)
}

func (c *criClient) container(ctx context.Context, answer *cri.ContainerStatusResponse) (*Info, error) {
	s := answer.GetStatus()
	i := &Info{
		ID: ShortID(s.GetId()), FullID: s.GetId(), Name: s.GetMetadata().GetName(), Type: c.name,
		Started: uint64(s.GetStartedAt()), Labels: labelsOf(s.GetLabels()),
	}
	c.setImage(ctx, i, s)
	for _, m := range s.GetMounts() {
		i.Mounts = append(i.Mounts, mountOf(m))
	}
	i.setPod(s.GetLabels())
	more := parseCRIInfo(answer.GetInfo())
	more.fill(i)
	if more.SandboxID == "" {
		return i, nil
	}
	pod, err := c.pods.get(more.SandboxID, func() (*sandboxInfo, error) { return c.sandbox(ctx, more.SandboxID) })
	if errors.Is(err, ErrNotFound) {
		return i, nil // it has just gone; the labels tell the most of it
	}
	if err != nil {
		return nil, err
	}
	pod.fill(i)
	i.setProbes(pod.annotations)
	return i, nil
}

// setImage fills in the image. The runtime may tell its id instead of its name;
// then the image's own names are asked for.
func (c *criClient) setImage(ctx context.Context, i *Info, s *cri.ContainerStatus) {
	name := s.GetImage().GetUserSpecifiedImage()
	if name == "" || isImageID(name) {
		name = s.GetImage().GetImage()
	}
	image, err := c.sources.get(s.GetImageRef(), func() (*cri.Image, error) {
		answer, err := c.images.ImageStatus(ctx, &cri.ImageStatusRequest{Image: s.GetImage()})
		return answer.GetImage(), err
	})
	if err != nil {
		image = nil // the names that the container's status has must do
	}
	if tags := image.GetRepoTags(); isImageID(name) && len(tags) > 0 {
		name = tags[0]
	}
	i.setImage(name)
	i.ImageID = imageID(image.GetId())
	i.setDigest(append(image.GetRepoDigests(), s.GetImageRef())...)
}

// sandboxInfo is what a pod's sandbox tells of all its containers.
type sandboxInfo struct {
	pod         Pod
	more        criInfo
	host        hostNamespaces
	annotations map[string]string
	status      *cri.PodSandboxStatus
}

// hostNamespaces tells which namespaces of the host a pod has.
type hostNamespaces struct{ pid, network, ipc bool }

func (c *criClient) sandbox(ctx context.Context, id string) (*sandboxInfo, error) {
	answer, err := c.runtime.PodSandboxStatus(ctx, &cri.PodSandboxStatusRequest{PodSandboxId: id, Verbose: true})
	if err != nil {
		return nil, criError(err)
	}
	s := answer.GetStatus()
	options := s.GetLinux().GetNamespaces().GetOptions()
	return &sandboxInfo{
		pod: Pod{
			Name: s.GetMetadata().GetName(), UID: s.GetMetadata().GetUid(), Namespace: s.GetMetadata().GetNamespace(),
			SandboxID: ShortID(s.GetId()), FullSandboxID: s.GetId(),
			IP: s.GetNetwork().GetIp(), Labels: labelsOf(s.GetLabels()),
		},
		more: parseCRIInfo(answer.GetInfo()),
		host: hostNamespaces{
			pid:     options.GetPid() == cri.NamespaceMode_NODE,
			network: options.GetNetwork() == cri.NamespaceMode_NODE,
			ipc:     options.GetIpc() == cri.NamespaceMode_NODE,
		},
		annotations: s.GetAnnotations(),
		status:      s,
	}, nil
}

// fill tells i what is of its pod; what i's own labels say stays.
func (s *sandboxInfo) fill(i *Info) {
	own := i.Pod
	i.Pod = s.pod
	for _, item := range []struct{ to, from *string }{
		{&i.Pod.Name, &own.Name}, {&i.Pod.UID, &own.UID}, {&i.Pod.Namespace, &own.Namespace}, {&i.Pod.Container, &own.Container},
	} {
		if *item.from != "" {
			*item.to = *item.from
		}
	}
	i.IP = s.pod.IP
	i.CNI = s.more.CNI
	i.HostPID, i.HostNetwork, i.HostIPC = i.HostPID || s.host.pid, i.HostNetwork || s.host.network, i.HostIPC || s.host.ipc
}

func (c *criClient) lookupSandbox(ctx context.Context, id string) (*Info, error) {
	s, err := c.sandbox(ctx, id)
	if err != nil {
		return nil, err
	}
	i := &Info{
		ID: ShortID(id), FullID: s.pod.FullSandboxID, Name: s.pod.Name, Type: c.name,
		Started: uint64(s.status.GetCreatedAt()), Labels: s.pod.Labels,
	}
	s.more.fill(i)
	s.fill(i)
	return i, nil
}

func mountOf(m *cri.Mount) Mount {
	propagation := "private"
	switch m.GetPropagation() {
	case cri.MountPropagation_PROPAGATION_HOST_TO_CONTAINER:
		propagation = "rslave"
	case cri.MountPropagation_PROPAGATION_BIDIRECTIONAL:
		propagation = "rshared"
	}
	return Mount{Source: m.GetHostPath(), Dest: m.GetContainerPath(), RW: !m.GetReadonly(), Propagation: propagation}
}

func (c *criClient) list(ctx context.Context, found func(string)) error {
	pods, err := c.runtime.ListPodSandbox(ctx, &cri.ListPodSandboxRequest{})
	if err != nil {
		return criError(err)
	}
	for _, pod := range pods.GetItems() {
		found(pod.GetId())
	}
	containers, err := c.runtime.ListContainers(ctx, &cri.ListContainersRequest{})
	if err != nil {
		return criError(err)
	}
	for _, item := range containers.GetContainers() {
		found(item.GetId())
	}
	return nil
}

// follow subscribes to the kubelet's events. containerd's own come earlier, and
// old versions have only those.
func (c *criClient) follow(ctx context.Context, events listener) error {
	if c.name == Containerd {
		return followContainerd(ctx, c.conn, events)
	}
	stream, err := c.runtime.GetContainerEvents(ctx, &cri.GetEventsRequest{})
	if err != nil {
		return criError(err)
	}
	events.ready()
	for {
		event, err := stream.Recv()
		if status.Code(err) == codes.Unimplemented {
			return errNoEvents
		}
		if err != nil {
			return criError(err)
		}
		switch event.GetContainerEventType() {
		case cri.ContainerEventType_CONTAINER_CREATED_EVENT, cri.ContainerEventType_CONTAINER_STARTED_EVENT:
			events.changed(event.GetContainerId())
		case cri.ContainerEventType_CONTAINER_DELETED_EVENT:
			events.gone(event.GetContainerId())
		case cri.ContainerEventType_CONTAINER_STOPPED_EVENT:
		}
	}
}

// criError is the error in this package's terms. Runtimes tell that they do not
// know a container by the code, old ones by the text only.
func criError(err error) error {
	switch {
	case err == nil:
		return nil
	case status.Code(err) == codes.NotFound:
		return ErrNotFound
	case status.Code(err) == codes.DeadlineExceeded:
		return context.DeadlineExceeded
	case strings.Contains(status.Convert(err).Message(), "not found"):
		return ErrNotFound
	}
	return err
}
