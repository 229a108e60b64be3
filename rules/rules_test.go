package rules_test

import (
	"testing"

	"github.com/lannersec/lanner/internal/ruletest"
)

func TestScripts(t *testing.T) {
	ruletest.Run(t, "testdata/*.test", ruletest.Options{})
}
