package otelmap

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/lannersec/lanner/engine/mitre"
)

// Names of the attributes that say which known attack a rule is about.
const (
	keyFramework    = "threat.framework"
	keyTacticName   = "threat.tactic.name"
	keyTacticID     = "threat.tactic.id"
	keyTechnique    = "threat.technique.id"
	keySubtechnique = "threat.technique.subtechnique.id"
)

// putThreat writes what a rule's tags say of the attack that it is about; a
// rule without such tags gets no attribute.
func putThreat(dst pcommon.Map, tags []string) {
	t := mitre.Of(tags)
	if len(t.Tactics) == 0 && len(t.Techniques) == 0 {
		return
	}
	var names, ids []string
	for _, tactic := range t.Tactics {
		names, ids = append(names, tactic.Name), append(ids, tactic.ID)
	}
	dst.PutStr(keyFramework, mitre.Framework)
	putStrings(dst, keyTacticName, names)
	putStrings(dst, keyTacticID, ids)
	putStrings(dst, keyTechnique, t.Techniques)
	putStrings(dst, keySubtechnique, t.Subtechniques)
}

func putStrings(dst pcommon.Map, key string, list []string) {
	if len(list) == 0 {
		return
	}
	slice := dst.PutEmptySlice(key)
	slice.EnsureCapacity(len(list))
	for _, s := range list {
		slice.AppendEmpty().SetStr(valid(s))
	}
}
