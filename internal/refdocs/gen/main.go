// Command gen writes the generated documents.
package main

import (
	"bytes"
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/lannersec/lanner/internal/refdocs"
)

func main() {
	out := flag.String("out", "docs", "directory to write to")
	flag.Parse()
	for _, doc := range refdocs.Documents() {
		var b bytes.Buffer
		if err := doc.Write(&b); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*out, doc.Name), b.Bytes(), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
