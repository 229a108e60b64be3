package filter

import (
	"strings"
	"testing"
)

func TestParseOperand(t *testing.T) {
	for _, tt := range []struct {
		text, print, rest, err string
	}{
		{"proc.name", "proc.name", "", ""},
		{"proc.aname[2] and more", "proc.aname[2]", " and more", ""},
		{"evt.arg.flags)", "evt.arg.flags", ")", ""},
		{"proc.name.", "proc.name", ".", ""},
		{"tolower( fd.name ) x", "tolower(fd.name)", " x", ""},
		{"getopt(proc.args, 'n:')[n]!", "getopt(proc.args,n:)[n]", "!", ""},
		{"", "", "", "expected a field or a transformer"},
		{"proc", "", "", "expected a field or a transformer"},
		{"val(proc.name)", "", "", "expected a field or a transformer"},
		{"proc.aname[", "", "", "expected a valid field argument"},
		{"tolower(fd.name", "", "", "expected a ')' token"},
		{strings.Repeat("len(", 200), "", "", "exceeded max depth"},
	} {
		operand, end, err := ParseOperand(tt.text)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("ParseOperand(%q): %v, want the error %q", tt.text, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("ParseOperand(%q): %v", tt.text, err)
			continue
		}
		if got := PrintOperand(operand); got != tt.print || tt.text[end:] != tt.rest {
			t.Errorf("ParseOperand(%q) = %q and %q, want %q and %q", tt.text, got, tt.text[end:], tt.print, tt.rest)
		}
	}
}
