// Package catalog lists all event sources: whatever loads rules, loads them for
// these.
package catalog

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/cloudtrail"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/gcpaudit"
	"github.com/lannersec/lanner/source/github"
	"github.com/lannersec/lanner/source/jsonlog"
	"github.com/lannersec/lanner/source/k8saudit"
	"github.com/lannersec/lanner/source/logrecord"
	"github.com/lannersec/lanner/source/okta"
	"github.com/lannersec/lanner/source/syscall"
)

// Documents makes the sources over JSON that tell their documents from others,
// in the order in which a document is offered to them: the one that takes any is
// last. Readers that share what a source remembers are made of one call's result.
func Documents() []document.Source {
	return []document.Source{
		k8saudit.Source(), cloudtrail.Source(), okta.Source(), gcpaudit.Source(), github.Source(), jsonlog.Source(),
	}
}

// All are all sources: kernel events, those of Documents, and log records.
func All() []field.Source {
	all := []field.Source{syscall.Source()}
	for _, source := range Documents() {
		all = append(all, source)
	}
	return append(all, logrecord.Source())
}
