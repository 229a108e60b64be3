package rules

import "github.com/lannersec/lanner/engine/diag"

// Load reads, merges and compiles files. It reports every problem that it
// finds; the Set is what could be compiled, and complete if no diagnostic is
// an error. Diagnostics keep the files' Data.
func Load(files []File, cfg Config) (*Set, diag.List) {
	var diags diag.List
	c := newCollection(cfg.Sources)
	r := &reader{into: c, diags: &diags}
	for _, f := range files {
		r.file(f)
	}
	for _, p := range c.plugins {
		if cfg.Plugins != nil && !satisfied(p.wants, cfg.Plugins) {
			diags.Add(warnPluginMissing(p.at, p.of, p.wants))
		}
	}
	b := newBuilder(c, cfg, &diags)
	set := b.build()
	diags.Sort()
	return set, diags
}
