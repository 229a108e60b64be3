package rules

// rulePart is a key of a rule that an override can be about: how it is read,
// and how it goes into an earlier rule.
type rulePart struct {
	key string
	// read reads the key, or what holds where it is missing. In an append
	// exceptions may be incomplete.
	read func(f *fields, into *ruleInfo, appends bool)
	// append adds to a rule what was read; nil for a key that cannot be added to.
	append func(f *fields, to, from *ruleInfo)
	// replace puts what was read in place of what the rule had.
	replace func(f *fields, to, from *ruleInfo)
}

// ruleParts are in the order in which problems are reported.
var ruleParts = []rulePart{
	{
		"condition",
		func(f *fields, r *ruleInfo, _ bool) { r.cond = joined{f.text("condition")} },
		func(_ *fields, to, from *ruleInfo) { to.cond = append(to.cond, from.cond...) },
		func(_ *fields, to, from *ruleInfo) { to.cond = from.cond },
	},
	{
		"output",
		func(f *fields, r *ruleInfo, _ bool) { r.output = joined{f.text("output")} },
		func(_ *fields, to, from *ruleInfo) { to.output = append(to.output, from.output...) },
		func(_ *fields, to, from *ruleInfo) { to.output = from.output },
	},
	{
		"desc",
		func(f *fields, r *ruleInfo, _ bool) { r.desc = joined{f.text("desc")} },
		func(_ *fields, to, from *ruleInfo) { to.desc = append(to.desc, from.desc...) },
		func(_ *fields, to, from *ruleInfo) { to.desc = from.desc },
	},
	{
		"tags",
		func(f *fields, r *ruleInfo, _ bool) { r.tags = addTags(nil, scalarTexts(f.texts("tags", true))) },
		func(_ *fields, to, from *ruleInfo) { to.tags = addTags(to.tags, from.tags) },
		func(_ *fields, to, from *ruleInfo) { to.tags = from.tags },
	},
	{
		"exceptions",
		func(f *fields, r *ruleInfo, appends bool) { r.exceptions = f.exceptions(appends) },
		(*fields).appendExceptions,
		(*fields).replaceExceptions,
	},
	{
		"priority",
		func(f *fields, r *ruleInfo, _ bool) { r.priority = f.priority() },
		nil,
		func(_ *fields, to, from *ruleInfo) { to.priority = from.priority },
	},
	{
		"enabled",
		func(f *fields, r *ruleInfo, _ bool) { r.enabled = f.boolean("enabled", true) },
		nil,
		func(_ *fields, to, from *ruleInfo) { to.enabled = from.enabled },
	},
	{
		"warn_evttypes",
		func(f *fields, r *ruleInfo, _ bool) { r.warnTypes = f.boolean("warn_evttypes", true) },
		nil,
		func(_ *fields, to, from *ruleInfo) { to.warnTypes = from.warnTypes },
	},
	{
		"skip-if-unknown-filter",
		func(f *fields, r *ruleInfo, _ bool) { r.skipUnknown = f.boolean("skip-if-unknown-filter", false) },
		nil,
		func(_ *fields, to, from *ruleInfo) { to.skipUnknown = from.skipUnknown },
	},
	{
		"capture",
		func(f *fields, r *ruleInfo, _ bool) { r.capture = f.boolean("capture", false) },
		nil,
		func(_ *fields, to, from *ruleInfo) { to.capture = from.capture },
	},
	{
		"capture_duration",
		func(f *fields, r *ruleInfo, _ bool) { r.captureDuration = f.number("capture_duration", 0) },
		nil,
		func(_ *fields, to, from *ruleInfo) { to.captureDuration = from.captureDuration },
	},
}
