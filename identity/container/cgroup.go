package container

import "strings"

// Runtimes that cgroup paths tell apart. Where the path of a runtime is that
// of several, the look-up at the runtime decides; Type is a first guess.
const (
	Docker     = "docker"
	Podman     = "podman"
	CRIO       = "cri-o"
	Containerd = "containerd"
	LXC        = "lxc"
	LibvirtLXC = "libvirt_lxc"
	Nspawn     = "systemd-nspawn"
	BPM        = "bpm"
	ECS        = "ecs"
	Runc       = "runc"
)

// CgroupMatch is what a cgroup path tells about the container it belongs to.
type CgroupMatch struct {
	ID     string // as rules see it: 12 digits, or the whole name where names are ids
	FullID string
	Type   string // the runtime's name
	// Guess tells that nothing in the path but its form says container.
	Guess bool
}

// fullIDLength is the length of the ids that the OCI runtimes' managers choose.
const fullIDLength = 64

// layout is how a runtime names the cgroup of a container: one component of
// the path. Prefix and suffix are stripped, the id remains.
type layout struct {
	runtime string
	prefix  string
	suffix  string
	below   string // the component above must be this; empty allows any
	named   bool   // the id is a name of any form, shown in full
}

// layouts is tried in order for each component, the innermost component first.
var layouts = []layout{
	{runtime: Podman, prefix: "libpod-payload-", suffix: ".scope"},
	{runtime: Podman, prefix: "libpod-payload-"},
	{runtime: Podman, prefix: "libpod-", suffix: ".scope"},
	{runtime: Podman, prefix: "libpod-"},
	{runtime: CRIO, prefix: "crio-", suffix: ".scope"},
	{runtime: CRIO, prefix: "crio-"},
	{runtime: Containerd, prefix: "cri-containerd-", suffix: ".scope"},
	{runtime: Containerd, prefix: "nerdctl-", suffix: ".scope"},
	{runtime: Docker, prefix: "docker-", suffix: ".scope"},
	{runtime: Docker, below: "docker"},
	{runtime: Runc, prefix: "runc-", suffix: ".scope"},
	{runtime: LXC, prefix: "lxc.payload.", named: true},
	{runtime: LXC, below: "lxc.payload", named: true},
	{runtime: LXC, below: "lxc", named: true},
	{runtime: LibvirtLXC, suffix: ".libvirt-lxc", named: true},
	{runtime: LibvirtLXC, prefix: `machine-lxc\x2d`, suffix: ".scope", named: true},
	{runtime: Nspawn, prefix: "systemd-nspawn@", suffix: ".service", named: true},
	{runtime: Nspawn, prefix: "machine-", suffix: ".scope", below: "machine.slice", named: true},
	{runtime: BPM, prefix: "bpm-", suffix: ".scope", named: true},
	{runtime: BPM, prefix: "bpm-", named: true},
	{runtime: Runc}, // a bare id: cgroupfs layouts of all managers
}

// MatchCgroup finds the container that a cgroup path belongs to. The innermost
// container wins, so that containers in containers are seen; cgroups that a
// container makes for itself count as the container's.
func MatchCgroup(path string) (CgroupMatch, bool) {
	if m, ok := matchLegacyLXC(path); ok {
		return m, true
	}
	for rest := strings.TrimRight(path, "/"); rest != ""; {
		cut := strings.LastIndexByte(rest, '/')
		component := rest[cut+1:]
		rest = rest[:max(cut, 0)]
		if m, ok := matchComponent(component, rest); ok {
			return m, true
		}
	}
	return matchNamespaced(path)
}

// matchComponent tries all layouts on one component; above is the path to it.
func matchComponent(component, above string) (CgroupMatch, bool) {
	if m, ok := matchCRIColon(component); ok {
		return m, true
	}
	parent := above[strings.LastIndexByte(above, '/')+1:]
	for i := range layouts {
		if m, ok := layouts[i].match(component, parent); ok {
			return m, true
		}
	}
	return matchFargate(component, above)
}

func (l *layout) match(component, parent string) (CgroupMatch, bool) {
	if l.below != "" && parent != l.below {
		return CgroupMatch{}, false
	}
	id, ok := strings.CutPrefix(component, l.prefix)
	if !ok {
		return CgroupMatch{}, false
	}
	if id, ok = strings.CutSuffix(id, l.suffix); !ok {
		return CgroupMatch{}, false
	}
	if l.named {
		return CgroupMatch{ID: id, FullID: id, Type: l.runtime}, isName(id)
	}
	return CgroupMatch{ID: ShortID(id), FullID: id, Type: l.runtime}, isFullID(id)
}

// matchCRIColon reads slice:cri-containerd:id, the name that runc gives where
// containerd is set to systemd and runc is not.
func matchCRIColon(component string) (CgroupMatch, bool) {
	_, id, ok := strings.Cut(component, ":cri-containerd:")
	return CgroupMatch{ID: ShortID(id), FullID: id, Type: Containerd}, ok && isFullID(id)
}

// matchFargate reads /ecs/task/task-number, where task is 32 hex digits.
func matchFargate(component, above string) (CgroupMatch, bool) {
	task, number, ok := strings.Cut(component, "-")
	if !ok || !strings.Contains(above, "/ecs/") || len(task) != 32 || !isHex(task) || !isDecimal(number) {
		return CgroupMatch{}, false
	}
	return CgroupMatch{ID: ShortID(component), FullID: component, Type: ECS}, true
}

// matchLegacyLXC reads /libvirt/lxc/name.
func matchLegacyLXC(path string) (CgroupMatch, bool) {
	_, name, ok := strings.Cut(path, "/libvirt/lxc/")
	return CgroupMatch{ID: name, FullID: name, Type: LibvirtLXC}, ok && isName(name)
}

// matchNamespaced reads /namespace/id, which is how containerd's own tool
// names them. Nothing in it says that it is a container, so it must be exactly
// that: what systemd makes has more components or a unit's suffix.
func matchNamespaced(path string) (CgroupMatch, bool) {
	namespace, id, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !ok || !isNamespace(namespace) || isUnit(namespace) || !isName(id) || isUnit(id) || len(id) > fullIDLength {
		return CgroupMatch{}, false
	}
	return CgroupMatch{ID: ShortID(id), FullID: id, Type: Containerd, Guess: true}, true
}

// isUnit tells whether systemd made the cgroup for a unit of its own.
func isUnit(name string) bool {
	for _, suffix := range []string{".service", ".slice", ".scope", ".mount", ".socket"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// isNamespace tells whether name may be a containerd namespace: letters and
// digits, with single separators between them.
func isNamespace(name string) bool {
	separated := true // a separator may not come first or follow another
	for i := range len(name) {
		separator := strings.IndexByte("._-", name[i]) >= 0
		if separator && separated || !separator && !isAlnum(name[i]) {
			return false
		}
		separated = separator
	}
	return name != "" && !separated
}

func isName(id string) bool { return id != "" && !strings.Contains(id, "/") }

func isFullID(id string) bool { return len(id) == fullIDLength && isHex(id) }

func isHex(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !('0' <= s[i] && s[i] <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return s != ""
}

func isDecimal(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
