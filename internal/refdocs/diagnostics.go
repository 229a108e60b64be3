package refdocs

import (
	"io"
	"strings"

	"github.com/lannersec/lanner/engine/diag"
)

// WriteDiagnostics writes the reference of what loading rules can report.
func WriteDiagnostics(w io.Writer) error {
	p := &printer{w: w}
	p.printf("# Diagnostics of rules files\n\n%s", generated)
	p.printf("Every problem of all files is reported in one run, with the place in the file as it was written: inside folded and\n" +
		"quoted scalars, and through macros and lists (\"in macro X, used by rule Y\"). An error keeps the files from being\n" +
		"loaded; what ran before runs on. The codes that begin with `LOAD_` are Falco's, those with `LANNER_` are Lanner's own.\n" +
		"What `lanner check` alone reports is marked.\n\n" +
		"| code | severity | meaning |\n| --- | --- | --- |\n")
	for _, info := range diag.Codes() {
		mark := ""
		if info.Lint() {
			mark = " (`lanner check`)"
		}
		p.printf("| `%s` | %s | %s%s |\n", info.Code, info.Severity, cell(strings.TrimSuffix(info.Text, ".")), mark)
	}
	return p.err
}
