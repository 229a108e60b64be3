package rules

import "github.com/lannersec/lanner/engine/diag"

// Load reads, merges and compiles files. It reports every problem that it
// finds; the Set is what could be compiled, and complete if no diagnostic is
// an error. Diagnostics keep the files' Data.
func Load(files []File, cfg Config) (*Set, diag.List) {
	found := newProblems()
	c := newCollection(cfg.Sources)
	r := &reader{into: c, diags: found}
	for _, f := range files {
		r.file(f)
	}
	for _, p := range c.plugins {
		if cfg.Plugins != nil && !satisfied(p.wants, cfg.Plugins) {
			found.add(warnPluginMissing(p.at, p.of, p.wants))
		}
	}
	set := newBuilder(c, cfg, found).build()
	return set, found.sorted()
}
