package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lannersec/lanner/internal/testenv"
)

// envChurn makes the test program start and end containers, as far as the kernel
// can tell: processes in control groups of their own, which go with them. It
// ends with its standard input.
const envChurn = "LANNER_E2E_CHURN"

// cgroups is where the tree of control groups of version 2 is mounted.
func cgroups() string {
	for _, dir := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"} {
		if _, err := os.Stat(filepath.Join(dir, "cgroup.controllers")); err == nil {
			return dir
		}
	}
	return ""
}

func churn() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for n := 0; ; n++ {
		if err := contain(n); err != nil {
			fmt.Fprintln(os.Stderr, "churn:", err)
			os.Exit(1)
		}
	}
}

// contain runs a program in a control group that is named as a container's.
func contain(n int) error {
	dir := filepath.Join(cgroups(), fmt.Sprintf("docker-%060x%04x.scope", os.Getpid(), n&0xffff))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	defer func() { _ = syscall.Rmdir(dir) }()
	group, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = group.Close() }()
	cmd := exec.Command("/bin/cat", "/etc/hostname")
	cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(group.Fd())}
	return cmd.Run()
}

// helperProcess runs the test program in a mode until the test ends.
func helperProcess(t *testing.T, mode string) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), mode+"=1")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait() // the status is that of its own end
	})
}

const soaked = `
extensions:
  pprof: {endpoint: 127.0.0.1:%[4]d}
receivers:
  runtime_security:
    rules: {files: [%[1]q, embedded:lanner_rules.yaml], reload: {debounce: 10ms}}
    health: {interval: 1s}
exporters:
  otlp_grpc:
    endpoint: %[2]s
    tls: {insecure: true}
service:
  extensions: [pprof]
  pipelines:
    logs: {receivers: [runtime_security], exporters: [otlp_grpc]}
  telemetry:
    metrics:
      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %[3]d, without_type_suffix: true, without_units: true, without_scope_info: true}}}}]
`

// sample is what the Collector holds at a time.
type sample struct {
	at                                   time.Duration
	rss                                  float64 // MiB
	goroutines, fds, threads, containers float64
	processes, events, drops             float64
}

const samples = 40

// TestSoak runs the distribution for LANNER_SOAK, as in 30m, under mixed load:
// a flood of file opens, containers that come and go, rules that change. It
// prints the curve, and wants what is held to stay what it is after the first
// half. Without LANNER_SOAK it is not run: `make soak`.
func TestSoak(t *testing.T) {
	text := os.Getenv("LANNER_SOAK")
	if text == "" {
		t.Skip("takes its time: make soak")
	}
	length, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	testenv.Root(t)
	sink, address := newSink(t)
	go func() { // nobody looks at them
		for range sink.records {
			continue
		}
	}()
	dir, port, profiles := t.TempDir(), freePort(t), freePort(t)
	rules := filepath.Join(dir, "rules.yaml")
	write := func(n int) {
		text := fmt.Appendf(nil, markRule+"# %d\n", "/etc/hostname", n)
		if err := os.WriteFile(rules+"~", text, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(rules+"~", rules); err != nil {
			t.Fatal(err)
		}
	}
	write(0)
	c := start(t, fmt.Sprintf(soaked, rules, address, port, profiles))
	helperProcess(t, envFlood)
	helperProcess(t, envChurn)

	var curve []sample
	fmt.Println("   time  RSS MiB  goroutines  fds  threads  containers  processes      events       drops")
	began := time.Now()
	tick := time.NewTicker(length / samples)
	defer tick.Stop()
	for n := range samples {
		<-tick.C
		write(n + 1)
		s := look(t, c.cmd.Process.Pid, port, profiles)
		s.at = time.Since(began)
		fmt.Printf("%7v  %7.1f  %10.0f  %3.0f  %7.0f  %10.0f  %9.0f  %10.0f  %10.0f\n", s.at.Round(time.Second), s.rss, s.goroutines,
			s.fds, s.threads, s.containers, s.processes, s.events, s.drops)
		curve = append(curve, s)
	}
	for what, of := range map[string]func(sample) float64{
		"RSS":        func(s sample) float64 { return s.rss },
		"goroutines": func(s sample) float64 { return s.goroutines },
		"files":      func(s sample) float64 { return s.fds },
		"threads":    func(s sample) float64 { return s.threads },
	} {
		middle, end := median(curve[samples/2:samples*3/4], of), median(curve[samples*3/4:], of)
		if end > middle*1.1+5 {
			t.Errorf("%s grow from %.1f to %.1f between the third and the last quarter", what, middle, end)
		}
	}
}

func median(of []sample, value func(sample) float64) float64 {
	var list []float64
	for _, s := range of {
		list = append(list, value(s))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// look samples a Collector.
func look(t *testing.T, pid, port, profiles int) sample {
	t.Helper()
	all := scrape(t, port)
	var s sample
	s.containers, _ = all.sum("otelcol_lanner_containers")
	s.processes, _ = all.sum("otelcol_lanner_processes")
	s.events, _ = all.sum("otelcol_lanner_events")
	s.drops, _ = all.sum("otelcol_lanner_capture_drops")
	s.rss = processStatus(t, pid, "VmRSS:") / 1024
	s.threads = processStatus(t, pid, "Threads:")
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal(err)
	}
	s.fds = float64(len(open))
	s.goroutines = goroutines(t, profiles)
	return s
}

// processStatus is a number of /proc/PID/status.
func processStatus(t *testing.T, pid int, key string) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), key)
	n, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// goroutines asks the pprof extension: "goroutine profile: total 42".
func goroutines(t *testing.T, port int) float64 {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/debug/pprof/goroutine?debug=1", port), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	line, err := bufio.NewReader(answer.Body).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndexByte(line, ' '):]), 64)
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return n
}
