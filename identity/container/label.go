package container

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of what is kept of labels: whoever makes a container chooses them.
const (
	maxLabels     = 256
	maxLabelKey   = 320 // a prefix of 253, a slash, a name of 63
	maxLabelValue = 4096
)

// labelsOf makes a sorted list of labels, as far as the bounds allow. Bytes that
// are no text are replaced.
func labelsOf(labels map[string]string) []Label {
	var list []Label
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		if len(list) == maxLabels {
			break
		}
		list = append(list, Label{bounded(key, maxLabelKey), bounded(labels[key], maxLabelValue)})
	}
	return list
}

// bounded is a copy of the beginning of s, as text.
func bounded(s string, limit int) string {
	if len(s) > limit {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	return strings.Clone(strings.ToValidUTF8(s, "\uFFFD"))
}

// Labels that the kubelet gives to containers and pods.
const (
	labelPodName       = "io.kubernetes.pod.name"
	labelPodUID        = "io.kubernetes.pod.uid"
	labelPodNamespace  = "io.kubernetes.pod.namespace"
	labelContainerName = "io.kubernetes.container.name"
)

// setPod fills what the labels of a container tell of its pod.
func (i *Info) setPod(labels map[string]string) {
	take := func(to *string, label string) {
		if v := labels[label]; v != "" && *to == "" {
			*to = bounded(v, maxLabelValue)
		}
	}
	take(&i.Pod.Name, labelPodName)
	take(&i.Pod.UID, labelPodUID)
	take(&i.Pod.Namespace, labelPodNamespace)
	take(&i.Pod.Container, labelContainerName)
}
