package main

import "strings"

// layer is the part of the ATT&CK Navigator's layer format 4.5 that says how
// well techniques are covered.
type layer struct {
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Domain      string           `json:"domain"`
	Versions    layerVersions    `json:"versions"`
	Techniques  []layerTechnique `json:"techniques"`
	Gradient    layerGradient    `json:"gradient"`
}

type layerVersions struct {
	Layer string `json:"layer"`
}

// layerTechnique names no tactic: the technique is coloured under all of its own.
type layerTechnique struct {
	ID                string `json:"techniqueID"`
	Score             int    `json:"score"`
	Comment           string `json:"comment"`
	Enabled           bool   `json:"enabled"`
	ShowSubtechniques bool   `json:"showSubtechniques"`
}

type layerGradient struct {
	Colors   []string `json:"colors"`
	MinValue int      `json:"minValue"`
	MaxValue int      `json:"maxValue"`
}

// navigatorLayer scores each technique by the number of rules that detect it.
func navigatorLayer(found []covered, files string) layer {
	l := layer{
		Name:        "Lanner rules",
		Description: "Techniques that the enabled rules of " + files + " name; the score is the number of rules.",
		Domain:      "enterprise-attack",
		Versions:    layerVersions{Layer: "4.5"},
		Techniques:  []layerTechnique{},
		Gradient:    layerGradient{Colors: []string{"#ffffff", "#66b1ff"}, MaxValue: 1},
	}
	for _, c := range found {
		l.Techniques = append(l.Techniques, layerTechnique{
			ID: c.technique, Score: len(c.rules), Comment: strings.Join(c.rules, "\n"), Enabled: true,
			ShowSubtechniques: strings.Contains(c.technique, "."),
		})
		l.Gradient.MaxValue = max(l.Gradient.MaxValue, len(c.rules))
	}
	return l
}
