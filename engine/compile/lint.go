package compile

import (
	"strings"

	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/operator"
)

// lint warns of comparisons that are legal and probably not meant.
func (b *binder) lint(c *Comparison) {
	for _, constant := range c.Consts {
		text := strings.TrimSpace(constant.Text)
		switch {
		case c.Op.Name == "regex":
			if operator.PlainRegex(constant.Text) {
				b.add(plainRegex(constant.At, constant.Text))
			}
		case b.isField(text):
			b.add(looksLikeField(constant.At, constant.Text))
		case b.isTransformer(text):
			b.add(looksLikeTransformer(constant.At, constant.Text))
		}
	}
}

func (b *binder) isField(text string) bool {
	if strings.IndexByte(text, '.') < 0 {
		return false
	}
	name, _, _ := strings.Cut(text, "[")
	def, _, _ := b.plan.source.Fields().Resolve(name)
	return def != nil
}

// isTransformer tells whether the whole text is a transformer of fields that exist.
func (b *binder) isTransformer(text string) bool {
	if !strings.HasSuffix(text, ")") && !strings.HasSuffix(text, "]") || strings.IndexByte(text, '(') < 0 {
		return false
	}
	o, end, err := filter.ParseOperand(text)
	if err != nil || end < len(text) {
		return false
	}
	_, is := o.(*filter.Transformer)
	return is
}
