package refdocs

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/lannersec/lanner/engine/mitre"
	enginerules "github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/rules"
	"github.com/lannersec/lanner/source/catalog"
)

// WriteRules writes the reference of the rules that Lanner comes with.
func WriteRules(w io.Writer) error {
	p := &printer{w: w}
	p.printf("# The rules that Lanner comes with\n\n%s", generated)
	p.printf("`%s` runs where no rules are named. `%s` records what is done by hand in containers\n"+
		"and is loaded only where it is asked for (`embedded:%s`); so are the files with rules for logs. Every rule has a script in `rules/testdata` in which\n"+
		"it fires and in which it does not; [testing-rules.md](testing-rules.md) tells how to write one.\n\n", rules.Default, rules.Audit, rules.Audit)
	def, err := readRules(rules.Default)
	if err != nil {
		return err
	}
	p.printf("## Extension points\n\nAll are empty. Fill those you need in a file that is loaded after the rules:\n\n```yaml\n" +
		"- list: site_secret_readers\n  items: [restic]\n  override: {items: append}\n\n" +
		"- macro: site_known_container_shell\n  condition: container.image.repository = registry.example/debug\n  override: {condition: replace}\n```\n")
	p.points(def)
	p.rules(def)
	for _, part := range furtherRules {
		file, err := readRules(part.name)
		if err != nil {
			return err
		}
		p.printf("\n# %s\n\n`embedded:%s`\n", part.title, part.name)
		p.points(file)
		p.rules(file)
	}
	return p.err
}

// furtherRules are the files that are loaded only where they are asked for.
var furtherRules = []struct{ title, name string }{
	{"Audit rules", rules.Audit},
	{"Rules for Kubernetes audit events", rules.K8sAudit},
	{"Rules for AWS CloudTrail", rules.CloudTrail},
	{"Rules for Okta", rules.Okta},
	{"Rules for GitHub", rules.GitHub},
	{"Rules for Google Cloud", rules.GCPAudit},
}

// points writes the extension points of a file that has some.
func (p *printer) points(file *ruleFile) {
	if len(file.points) == 0 {
		return
	}
	p.printf("\n| name | kind | for |\n| --- | --- | --- |\n")
	for _, point := range file.points {
		p.printf("| `%s` | %s | %s |\n", point.name, point.kind, cell(point.doc))
	}
}

func (p *printer) rules(file *ruleFile) {
	for _, section := range file.sections {
		if section.title != "" {
			p.printf("\n## %s\n", section.title)
		}
		for _, name := range section.rules {
			p.rule(file.set.Find(name))
		}
	}
}

func (p *printer) rule(r *enginerules.Rule) {
	state := ""
	if !r.Enabled {
		state = ", off by default"
	}
	p.printf("\n### %s\n\n%s%s; %s; %s\n\n%s\n", r.Name, r.Priority, state, strings.Join(scopeOf(r.Tags), ", "), threatOf(r.Tags),
		strings.TrimSpace(strings.ReplaceAll(r.Desc, "\n", " ")))
}

// scopeOf are the tags that are neither tactic nor technique.
func scopeOf(tags []string) []string {
	var scope []string
	for _, tag := range tags {
		if t := mitre.Of([]string{tag}); len(t.Tactics)+len(t.Techniques) == 0 {
			scope = append(scope, tag)
		}
	}
	return scope
}

// threatOf is the tactic and the techniques, with links.
func threatOf(tags []string) string {
	var words []string
	for _, tactic := range mitre.Of(tags).Tactics {
		words = append(words, tactic.Name)
	}
	for _, tag := range tags {
		if len(mitre.Of([]string{tag}).Techniques) > 0 {
			words = append(words, fmt.Sprintf("[%s](https://attack.mitre.org/techniques/%s/)", tag, strings.ReplaceAll(tag, ".", "/")))
		}
	}
	return strings.Join(words, ", ")
}

// ruleFile is a rules file as people read it.
type ruleFile struct {
	set      *enginerules.Set
	points   []extensionPoint
	sections []ruleSection
}

// extensionPoint is a list or macro for users to fill.
type extensionPoint struct{ name, kind, doc string }

// ruleSection is the rules below one heading of the file.
type ruleSection struct {
	title string
	rules []string
}

func readRules(name string) (*ruleFile, error) {
	data, err := fs.ReadFile(rules.FS, name)
	if err != nil {
		return nil, err
	}
	file := &ruleFile{sections: []ruleSection{{}}}
	set, diags := enginerules.Load([]enginerules.File{{Name: name, Data: data}}, enginerules.Config{Sources: catalog.All()})
	if err := diags.Err(); err != nil {
		return nil, err
	}
	file.set = set
	file.outline(data)
	return file, nil
}

// pointPrefix begins the names of extension points.
const pointPrefix = "site_"

// outline finds headings and extension points in the file's comments.
func (f *ruleFile) outline(data []byte) {
	comment := ""
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		line := lines.Text()
		key, name, _ := strings.Cut(strings.TrimPrefix(line, "- "), ": ")
		switch {
		case strings.HasPrefix(line, "# Rules: "):
			title := strings.TrimPrefix(line, "# Rules: ")
			f.sections = append(f.sections, ruleSection{title: strings.ToUpper(title[:1]) + title[1:]})
		case strings.HasPrefix(line, "# "):
			comment += line[2:] + " "
			continue
		case strings.HasPrefix(name, pointPrefix):
			f.points = append(f.points, extensionPoint{name, key, strings.TrimSpace(comment)})
		case key == "rule":
			last := &f.sections[len(f.sections)-1]
			last.rules = append(last.rules, name)
		}
		comment = ""
	}
}
