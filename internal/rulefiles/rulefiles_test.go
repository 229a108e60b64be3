package rulefiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"b.yaml": "b", "a.yml": "a", "c.txt": "c", "d.yaml/x.yaml": "x"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "c.txt"), filepath.Join(dir, "e.yaml")); err != nil {
		t.Fatal(err)
	}
	files, err := Read([]string{filepath.Join(dir, "c.txt"), filepath.Join(dir, "missing"), dir, Default, Prefix + "none"})
	var got []string
	for _, f := range files[:4] {
		got = append(got, string(f.Data))
	}
	if want := "c a b c"; strings.Join(got, " ") != want {
		t.Errorf("files %q, want %q", got, want)
	}
	if len(files) != 5 || files[4].Name != Default || len(files[4].Data) == 0 {
		t.Errorf("the embedded file was not read: %d files", len(files))
	}
	for _, part := range []string{"missing", `no embedded file "none"; there are ` + strings.Join(Embedded(), ", ")} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v does not say %q", err, part)
		}
	}
}
