package otelmap

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/engine/rules"
)

// severities by priority. Within a severity's range of numbers they keep the
// order of the priorities.
var severities = map[rules.Priority]plog.SeverityNumber{
	rules.Emergency:     plog.SeverityNumberFatal,
	rules.Alert:         plog.SeverityNumberError3,
	rules.Critical:      plog.SeverityNumberError2,
	rules.Error:         plog.SeverityNumberError,
	rules.Warning:       plog.SeverityNumberWarn,
	rules.Notice:        plog.SeverityNumberInfo2,
	rules.Informational: plog.SeverityNumberInfo,
	rules.Debug:         plog.SeverityNumberDebug,
}

// severity is a priority's number, "unspecified" for one that does not exist.
func severity(p rules.Priority) plog.SeverityNumber { return severities[p] }
