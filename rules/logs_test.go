package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/mitre"
	"github.com/lannersec/lanner/rules"
)

// logFile is how the rules of a file for logs are to be.
type logFile struct {
	source, prefix, scope string
	// needs are what every output names.
	needs []string
}

var logFiles = map[string]logFile{
	rules.K8sAudit: {"k8s_audit", "k8s_", "kubernetes", []string{"%ka.verb", "%ka.user.name", "%ka.response.code", "%ka.sourceips", "%ka.useragent"}},
	rules.CloudTrail: {"aws_cloudtrail", "aws_", "aws",
		[]string{"%ct.name", "%ct.user ", "%ct.user.accountid", "%ct.region", "%ct.srcip", "%ct.useragent"}},
	rules.Okta:     {"okta", "okta_", "okta", []string{"%okta.evt.type", "%okta.actor.name", "%okta.actor.alternateid", "%okta.client.ip", "%okta.result"}},
	rules.GitHub:   {"github", "github_", "github", []string{"%github.type", "%github.action", "%github.user", "%github.org", "%github.repo.name"}},
	rules.GCPAudit: {"gcp_auditlog", "gcp_", "gcp", []string{"%gcp.methodName", "%gcp.serviceName", "%gcp.user", "%gcp.callerIP", "%gcp.projectId"}},
}

func TestLogRulesAreOfOneForm(t *testing.T) {
	for _, name := range rules.Logs() {
		form, ok := logFiles[name]
		if !ok {
			t.Fatalf("%s has no form", name)
		}
		for _, rule := range load(t, name).Rules {
			if rule.Source != form.source || !rule.Enabled {
				t.Errorf("%q: source %s, enabled %v", rule.Name, rule.Source, rule.Enabled)
			}
			if !ruleName.MatchString(rule.Name) {
				t.Errorf("%q: a name is a few words, the first with a capital", rule.Name)
			}
			if len(rule.Desc) < 80 {
				t.Errorf("%q: the description does not say what to do: %q", rule.Name, rule.Desc)
			}
			for _, field := range form.needs {
				if !strings.Contains(rule.OutputText, field) {
					t.Errorf("%q: the output lacks %s", rule.Name, field)
				}
			}
			if !logTagsInOrder(rule.Tags, form.scope) {
				t.Errorf("%q: tags are %s, subject, mitre_<tactic>, technique, not %v", rule.Name, form.scope, rule.Tags)
			}
		}
	}
}

// logTagsInOrder tells whether tags are: the scope, a subject, a tactic, techniques.
func logTagsInOrder(tags []string, scope string) bool {
	return len(tags) >= 4 && tags[0] == scope && slices.Contains(subjects, tags[1]) &&
		len(mitre.Of(tags[2:3]).Tactics) == 1 && !slices.ContainsFunc(tags[3:], func(tag string) bool { return !technique.MatchString(tag) })
}

// TestLogNamesMeetNoOthers: the files can be loaded beside each other and beside
// those for kernel events, in any order.
func TestLogNamesMeetNoOthers(t *testing.T) {
	all := append([]string{rules.Default, rules.Audit}, rules.Logs()...)
	want := 0
	for _, name := range all {
		want += len(load(t, name).Rules)
	}
	if got := len(load(t, all...).Rules); got != want {
		t.Errorf("%d rules together, %d one file after the other", got, want)
	}
	for name, form := range logFiles {
		for _, word := range strings.Fields(text(t, name)) {
			if named, ok := strings.CutPrefix(word, "site_"); ok && named != "" && !strings.HasPrefix(named, form.prefix) {
				t.Errorf("%s: site_%s does not begin with site_%s", name, named, form.prefix)
			}
		}
	}
}
