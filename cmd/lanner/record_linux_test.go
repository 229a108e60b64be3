package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/internal/testenv"
)

func TestRecordingCanBeReplayed(t *testing.T) {
	testenv.Root(t)
	file := filepath.Join(t.TempDir(), "x.scap")
	got := lanner(t, "record", "-o", file, "--duration", "100ms")
	if errors.Is(got.failed, bpf.ErrUnsupported) {
		testenv.Require(t, false, got.failed.Error())
	}
	if got.failed != nil || !strings.Contains(got.err, " MiB") {
		t.Fatalf("%v\n%s", got.failed, got.err)
	}
	succeeds(t, "replay", "--stats", "-r", writeTemp(t, "r.yaml", shadowRule), file)
	if got := lanner(t, "record", "-o", file, "--duration", "100ms"); !errors.Is(got.failed, os.ErrExist) {
		t.Errorf("a file that exists: %v", got.failed)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the recording: %v", info.Mode())
	}
}

func TestRecordRefusesNonsense(t *testing.T) {
	for _, flags := range [][]string{{}, {"-o", "x", "--max-size", "0"}, {"-o", "x", "--duration", "-1s"}} {
		if got := lanner(t, append([]string{"record"}, flags...)...); got.failed == nil {
			t.Errorf("%v is taken", flags)
		}
	}
}
