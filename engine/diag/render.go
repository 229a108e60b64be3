package diag

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Options are the choices of a rendering for terminals.
type Options struct {
	Color bool
	Width int // columns of a source line to show; 0 is 120
}

// TerminalOptions are the options for a file: colour where it is a terminal
// and NO_COLOR is not set.
func TerminalOptions(f *os.File) Options {
	info, err := f.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return Options{Color: terminal && os.Getenv("NO_COLOR") == ""}
}

// Write renders the list for people:
//
//	rules.yaml:12:18: error: unknown field proc.nmae [LOAD_ERR_COMPILE_CONDITION]
//	   12 |   condition: evt.type=open and proc.nmae=cat
//	      |                                ^^^^^^^^^
//	      in macro opened, used by rule "Open"
//	      Did you mean proc.name?
func (l List) Write(w io.Writer, opts Options) error {
	if opts.Width == 0 {
		opts.Width = 120
	}
	var b strings.Builder
	for i := range l {
		l[i].render(&b, opts)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String is the diagnostic in one line: place, severity, summary and code.
func (d *Diagnostic) String() string {
	var b strings.Builder
	d.headline(&b, paint(false))
	return b.String()
}

func (d *Diagnostic) render(b *strings.Builder, opts Options) {
	p := paint(opts.Color)
	d.headline(b, p)
	b.WriteByte('\n')
	margin := d.source(b, opts.Width, p)
	for _, line := range d.notes() {
		fmt.Fprintf(b, "%s%s\n", strings.Repeat(" ", margin), line)
	}
}

func (d *Diagnostic) headline(b *strings.Builder, p paint) {
	if d.Range.Known() {
		at := d.Range.Position()
		b.WriteString(p.bold(fmt.Sprintf("%s:%d:%d: ", printable(d.Range.File.Name), at.Line, at.Column)))
	}
	b.WriteString(p.severity(d.Severity))
	b.WriteString(": ")
	b.WriteString(p.bold(printable(d.Summary)))
	if d.Code != "" {
		fmt.Fprintf(b, " [%s]", d.Code)
	}
}

// source writes the line of the file with a caret below, and returns the
// column at which notes go on.
func (d *Diagnostic) source(b *strings.Builder, width int, p paint) int {
	if !d.Range.Known() {
		return 4
	}
	at := d.Range.Position()
	line, start := d.Range.File.Line(at.Line)
	from := min(max(d.Range.Start-start, 0), len(line))
	to := min(max(d.Range.End-start, from), len(line))
	line, from, to = window(line, from, to, width)

	number := fmt.Sprintf("%5d | ", at.Line)
	fmt.Fprintf(b, "%s%s\n", number, printable(string(line)))
	pad := strings.Repeat(" ", len(number)-2) + "| " + blank(string(line[:from]))
	caret := strings.Repeat("^", max(1, utf8.RuneCountInString(printable(string(line[from:to])))))
	fmt.Fprintf(b, "%s%s\n", pad, p.severityColor(d.Severity, caret))
	return len(number)
}

// notes are the lines that follow the source: the way to the rule, the
// suggestion, and the remedy.
func (d *Diagnostic) notes() []string {
	var out []string
	if way := d.Way(); way != "" {
		out = append(out, way)
	}
	if d.Suggest != "" {
		out = append(out, "Did you mean "+printable(d.Suggest)+"?")
	}
	if d.Detail != "" {
		out = append(out, strings.Split(printable(d.Detail), "\n")...)
	}
	return out
}

// Way says how the place comes into play: "in macro X, used by rule Y".
func (d *Diagnostic) Way() string {
	if len(d.Context) == 0 {
		if d.Item.Name == "" {
			return ""
		}
		return "in " + d.Item.String()
	}
	way := "in " + d.Context[0].Item.String()
	for i, f := range d.Context[1:] {
		if d.Context[i].Item.Kind == "exception" {
			way += " of " + f.Item.String()
		} else {
			way += ", used by " + f.Item.String()
		}
	}
	return way
}

// String names the item: macro spawned_process, rule "Read secrets".
func (i Item) String() string {
	if i.Name == "" {
		return i.Kind
	}
	if strings.ContainsFunc(i.Name, unicode.IsSpace) {
		return i.Kind + ` "` + printable(i.Name) + `"`
	}
	return i.Kind + " " + printable(i.Name)
}

// window cuts a long line down to width bytes around the range.
func window(line []byte, from, to, width int) ([]byte, int, int) {
	if len(line) <= width {
		return line, from, to
	}
	start := min(max(0, from-width/3), max(0, len(line)-width))
	for start > 0 && !utf8.RuneStart(line[start]) {
		start--
	}
	end := min(len(line), start+width)
	for end < len(line) && !utf8.RuneStart(line[end]) {
		end++
	}
	return line[start:end], from - start, min(to, end) - start
}

// printable makes text harmless for a terminal: what is neither a tab, a line
// break nor a graphic character is shown as a middle dot.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r != utf8.RuneError && unicode.IsGraphic(r) {
			return r
		}
		return '·'
	}, s)
}

// blank is as wide as s on a terminal: tabs stay tabs.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// paint colours, or does not.
type paint bool

func (p paint) wrap(code, s string) string {
	if !p {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p paint) bold(s string) string { return p.wrap("1", s) }

func (p paint) severityColor(s Severity, text string) string {
	if s == Warning {
		return p.wrap("33", text)
	}
	return p.wrap("31", text)
}

func (p paint) severity(s Severity) string { return p.severityColor(s, s.String()) }
