package runtimesecurityreceiver

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/internal/rulefiles"
	"github.com/lannersec/lanner/source/syscall"
)

// recorded yields the same record for ever.
type recorded []byte

func (r recorded) Read() ([]byte, error) { return r, nil }

// kernelRecord is a record of a call, as a kernel wrote it for the decoder's tests.
func kernelRecord(t testing.TB, call string) recorded {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../source/syscall/testdata/fuzz/FuzzLiveDecode", call))
	if err != nil {
		t.Fatal(err)
	}
	_, quoted, _ := strings.Cut(string(text), "[]byte(")
	sample, err := strconv.Unquote(strings.TrimSuffix(strings.TrimSpace(quoted), ")"))
	if err != nil {
		t.Fatal(err)
	}
	row, ok := abi.Find(call)
	if !ok {
		t.Fatalf("no row %s", call)
	}
	record := []byte(sample)
	binary.LittleEndian.PutUint16(record[4:], uint16(row)) // rows may move
	return record
}

// eventPath is the whole way of an event that matches nothing: decoding, the
// look-up of the process, evaluation.
func eventPath(t testing.TB, call, rulesFile string) (step func()) {
	t.Helper()
	const boot = 1_700_000_000_000_000_000
	threads := process.NewTable(process.Options{})
	s := &liveStream{
		samples: kernelRecord(t, call),
		decoder: syscall.NewLiveDecoder(threads, &syscall.Host{Name: "host", Threads: threads, Users: &user.Table{}}, boot),
		threads: threads,
		purger:  &purger{remove: func(uint64) {}},
		clock:   clock{bootTime: func() (uint64, error) { return boot, nil }},
	}
	cfg := createDefaultConfig().(*Config)
	cfg.Rules.Files = []string{rulesFile}
	eng, _, err := loadEngine(cfg, syscall.Source(), zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	evaluator, err := eng.Evaluator(syscall.SourceName)
	if err != nil {
		t.Fatal(err)
	}
	emit := func(det *engine.Detection) { t.Errorf("%s matches %q", call, det.Rule.Name) }
	return func() {
		ev, err := s.Next()
		if err != nil {
			t.Fatal(err)
		}
		evaluator.Process(ev, emit)
	}
}

// pathRules are the rules to measure with: ours, and upstream's stable ones
// where the conformance corpus is at hand.
func pathRules() map[string]string {
	files := map[string]string{"default": rulefiles.Default}
	if corpus := os.Getenv("CORPUS"); corpus != "" {
		files["stable"] = filepath.Join(corpus, "rules/upstream/falco_rules.yaml")
	}
	return files
}

var pathCalls = []string{"openat", "close", "connect"}

func TestEventPathAllocatesNothing(t *testing.T) {
	for rules, file := range pathRules() {
		for _, call := range pathCalls {
			t.Run(rules+"/"+call, func(t *testing.T) {
				step := eventPath(t, call, file)
				for range 100 { // memory that grows has grown
					step()
				}
				if n := testing.AllocsPerRun(1000, step); n != 0 {
					t.Errorf("%v allocations an event", n)
				}
			})
		}
	}
}

func BenchmarkEventPath(b *testing.B) {
	for rules, file := range pathRules() {
		for _, call := range pathCalls {
			b.Run(rules+"/"+call, func(b *testing.B) {
				step := eventPath(b, call, file)
				b.ReportAllocs()
				for b.Loop() {
					step()
				}
			})
		}
	}
}
