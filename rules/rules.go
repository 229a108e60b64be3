// Package rules holds the rules that Lanner comes with.
package rules

import "embed"

// FS holds the rule files.
//
//go:embed *.yaml
var FS embed.FS

// The files in FS.
const (
	// Default is the ruleset that runs where the user names no other.
	Default = "lanner_rules.yaml"
	// Audit records what is done in containers by hand. It is loaded only by
	// who asks for it, after Default or alone.
	Audit = "lanner_audit_rules.yaml"

	// The rules for logs, a file for each source.
	K8sAudit   = "k8s_audit_rules.yaml"
	CloudTrail = "cloudtrail_rules.yaml"
	Okta       = "okta_rules.yaml"
	GitHub     = "github_rules.yaml"
	GCPAudit   = "gcp_audit_rules.yaml"
)

// Logs are the files with rules for logs.
func Logs() []string { return []string{K8sAudit, CloudTrail, Okta, GitHub, GCPAudit} }
