package refdocs

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestDocumentsAreCurrent fails where a table changed and nobody ran go generate.
func TestDocumentsAreCurrent(t *testing.T) {
	for _, doc := range Documents() {
		var want bytes.Buffer
		if err := doc.Write(&want); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("../../docs", doc.Name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("docs/%s is out of date: run go generate ./internal/refdocs", doc.Name)
		}
	}
}
