package containers

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/internal/testenv"
)

// manyContainers is an engine with so many containers, each with labels as a
// kubelet and an operator give them.
func manyContainers(count int) http.Handler {
	engine := http.NewServeMux()
	id := func(n int) string { return fmt.Sprintf("%064x", n) }
	engine.HandleFunc("/version", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"Version":"1"}`) })
	engine.HandleFunc("/containers/json", func(w http.ResponseWriter, _ *http.Request) {
		var all []string
		for n := range count {
			all = append(all, fmt.Sprintf(`{"Id":%q}`, id(n)))
		}
		_, _ = fmt.Fprintf(w, "[%s]", strings.Join(all, ","))
	})
	engine.HandleFunc("/events", func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	engine.HandleFunc("/containers/{id}/json", func(w http.ResponseWriter, req *http.Request) {
		var labels []string
		for n := range 20 {
			labels = append(labels, fmt.Sprintf(`"example.com/label-%d":%q`, n, strings.Repeat("v", 60)))
		}
		_, _ = fmt.Fprintf(w, `{"Id":%q,"Name":"/c","Config":{"Image":"docker.io/library/app:1","Labels":{%s}},
			"Mounts":[{"Source":"/var/lib/x","Destination":"/data","RW":true}]}`, req.PathValue("id"), strings.Join(labels, ","))
	})
	return engine
}

// BenchmarkContainersAtRest tells what 500 known containers cost: memory, and
// CPU time while nothing happens.
func BenchmarkContainersAtRest(b *testing.B) {
	const count, rest = 500, 2 * time.Second
	l, path := listen(b)
	server := &http.Server{Handler: manyContainers(count)}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	for b.Loop() {
		before := resident(b)
		d := container.Open(container.Options{Sockets: []container.Socket{{Kind: container.KindDocker, Path: path}}})
		for d.Stats().Containers-d.Stats().Unknown < count {
			time.Sleep(10 * time.Millisecond)
		}
		b.ReportMetric(float64(resident(b)-before)/(1<<20), "MiB")
		spent := cpu(b)
		time.Sleep(rest)
		b.ReportMetric(float64(cpu(b)-spent)/float64(rest)*100, "%CPU")
		d.Close()
	}
}

// BenchmarkForkStorm starts short processes one after the other below a running
// agent, and tells how the memory of both changed: `-benchtime 10m` is a soak.
func BenchmarkForkStorm(b *testing.B) {
	testenv.Root(b)
	startAgent(b, nil, 0)
	const warm = 1000
	for range warm {
		storm(b)
	}
	before := resident(b)
	for b.Loop() {
		storm(b)
	}
	b.ReportMetric(float64(resident(b)-before)/(1<<20), "MiB-growth")
	b.ReportMetric(float64(resident(b))/(1<<20), "MiB")
}

// storm runs a process that has a child.
func storm(b *testing.B) {
	b.Helper()
	if err := exec.Command("/bin/sh", "-c", "/bin/true; exit 0").Run(); err != nil {
		b.Fatal(err)
	}
}

// resident is the memory of this process that is in use, in bytes.
func resident(tb testing.TB) int64 {
	tb.Helper()
	runtime.GC()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		tb.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
