// Package catalog lists all event sources: whatever loads rules, loads them for
// these.
package catalog

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsonlog"
	"github.com/lannersec/lanner/source/k8saudit"
	"github.com/lannersec/lanner/source/syscall"
)

// Documents are the sources over JSON, in the order in which a document is
// offered to them: the one that takes any is last.
func Documents() []document.Source {
	return []document.Source{k8saudit.Source(), jsonlog.Source()}
}

// All are all sources.
func All() []field.Source {
	all := []field.Source{syscall.Source()}
	for _, source := range Documents() {
		all = append(all, source)
	}
	return all
}
