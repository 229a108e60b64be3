package migrate

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// presetMiB is the size of a CPU's buffer by Falco's preset number.
var presetMiB = []int{0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512}

// minute details of Falco's drivers that need no counterpart are not noted.
func (m *migration) engine(n *yaml.Node) {
	kind := text(get(n, "kind"))
	switch kind {
	case "modern_ebpf", "ebpf", "kmod", "":
	case "replay":
		m.note("kind replay: the receiver watches the kernel; captures are replayed by lanner test")
	case "nodriver":
		m.note("kind nodriver: runtime_security always watches the kernel; leave the receiver out for other sources alone")
	default:
		m.note("kind %s has no counterpart; runtime_security watches the kernel that it runs on", kind)
	}
	driver := get(n, kind)
	m.bufferSize(text(get(driver, "buf_size_preset")))
	if isTrue(get(driver, "drop_failed_exit")) {
		m.note("drop_failed_exit: failed calls are captured where a rule can match them")
	}
}

func (m *migration) bufferSize(preset string) {
	if preset == "" {
		return
	}
	number, err := strconv.Atoi(preset)
	if err != nil || number < 1 || number >= len(presetMiB) {
		m.note("buf_size_preset %s is none of 1 to %d; the default of 8 MiB a CPU stands", preset, len(presetMiB)-1)
		return
	}
	m.config.set(presetMiB[number], "receivers", "runtime_security", "capture", "ring_mib_per_cpu")
}

// builtIn are plugins whose work the receiver does by itself.
var builtIn = map[string]bool{"container": true, "json": true}

func (m *migration) plugins(n *yaml.Node) {
	var names []string
	for _, plugin := range n.Content {
		if name := text(get(plugin, "name")); !builtIn[name] {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		m.note("%s: plugins are not loaded; their sources need receivers of their own", strings.Join(names, ", "))
	}
}

// loadPlugins says nothing that plugins does not say, but for names that only
// stand here.
func (m *migration) loadPlugins(n *yaml.Node) {
	for _, name := range texts(n) {
		if !builtIn[name] {
			m.note("%s is not loaded; see plugins", name)
		}
	}
}

func (m *migration) outputsQueue(n *yaml.Node) {
	capacity, err := strconv.Atoi(text(get(n, "capacity")))
	if err != nil || capacity <= 0 {
		return // 0 is no bound; the receiver's default stands
	}
	m.config.set(capacity, "receivers", "runtime_security", "delivery", "queue_size")
}
