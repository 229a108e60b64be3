package rules_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/internal/fake"
	"github.com/lannersec/lanner/engine/rules"
)

// manyRules writes n rules over shared lists and macros, of the size of real
// ones.
func manyRules(n int) []byte {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "- list: binaries_%d\n  items: [cat, ls, vi, less, more, tail, head, sh, bash, tool_%d]\n", i, i)
		fmt.Fprintf(&b, "- macro: opened_%d\n  condition: (evt.type in (open, openat, openat2) and fd.name startswith /etc/dir%d/)\n", i, i)
	}
	for i := range n {
		fmt.Fprintf(&b, `- rule: Rule %d of many
  desc: >
    A description that says in a sentence or two what was seen
    and why it matters to whoever reads it.
  condition: >
    opened_%d and proc.name in (binaries_%d)
    and not proc.pname in (binaries_%d)
    and (proc.cmdline contains "needle %d" or fd.name endswith .suffix%d
         or proc.aname[2] = parent%d)
  exceptions:
    - name: known
      fields: [proc.name, fd.name]
      comps: [=, startswith]
      values:
        - [cat, /etc/dir/%d]
        - [ls, /etc/other/%d]
  output: File opened (file=%%fd.name command=%%proc.cmdline parent=%%proc.pname user=%%user.name container=%%container.id)
  priority: WARNING
  tags: [filesystem, mitre_credential_access, T1555]
`, i, i%200, i%200, (i+1)%200, i, i, i, i, i)
	}
	return []byte(b.String())
}

// BenchmarkLoad measures loading, and what the rules take in memory.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			files := []rules.File{{Name: "many.yaml", Data: manyRules(n)}}
			cfg := rules.Config{Sources: []field.Source{fake.Syscall()}}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var set *rules.Set
			for b.Loop() {
				s, diags := rules.Load(files, cfg)
				if diags.HasErrors() {
					b.Fatal(diags.Err())
				}
				set = s
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20), "MB-kept")
			b.ReportMetric(float64(after.Sys)/(1<<20), "MB-process")
			b.ReportMetric(float64(len(files[0].Data))/(1<<20), "MB-YAML")
			runtime.KeepAlive(set)
		})
	}
}
