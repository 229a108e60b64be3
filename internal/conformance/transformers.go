package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/operator"
)

// transformerCase is a case of transformers.jsonl.
type transformerCase struct {
	Transformer   string
	Supported     []string
	SupportedList []string `json:"supported_list"`
	IsList        bool     `json:"is_list"`
	InputType     string   `json:"input_type"`
	OutputType    string   `json:"output_type"`
	Input         []json.RawMessage
	Output        []json.RawMessage
}

// runTransformers runs transformer and transformer_types.
func runTransformers(_ *Corpus, c Case) error {
	var want transformerCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	name := strings.Replace(want.Transformer, "base64", "b64", 1)
	transformer, ok := operator.LookupTransformer(name)
	if !ok {
		return fmt.Errorf("no transformer %s", name)
	}
	switch c.Kind {
	case "transformer":
		return checkTransformer(transformer, want)
	case "transformer_types":
		return checkTransformerTypes(transformer, want)
	}
	return fmt.Errorf("unknown kind %s", c.Kind)
}

func checkTransformerTypes(t *operator.Transformer, want transformerCase) error {
	if err := compare(t.Name, sorted(want.Supported), acceptedTypes(t, false)); err != nil {
		return err
	}
	return compare(t.Name+" of a list", sorted(want.SupportedList), acceptedTypes(t, true))
}

func acceptedTypes(t *operator.Transformer, list bool) []string {
	var names []string
	for ft := field.NoType; ft <= field.Dyn; ft++ {
		if t.AcceptsType(ft, list) {
			names = append(names, typeName(ft))
		}
	}
	return sorted(names)
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

// typeName is the corpus's name of a type.
func typeName(t field.Type) string { return "PT_" + strings.ToUpper(operator.TypeName(t)) }

func typeNamed(name string) (field.Type, error) {
	for t := field.NoType; t <= field.Dyn; t++ {
		if typeName(t) == name {
			return t, nil
		}
	}
	return 0, fmt.Errorf("no type %s", name)
}

// checkTransformer applies the transformer to the values: to each of them, or
// to all as one list.
func checkTransformer(t *operator.Transformer, want transformerCase) error {
	inputType, err := typeNamed(want.InputType)
	if err != nil {
		return err
	}
	transform, _, result, err := t.Plan([]operator.Operand{{Type: inputType, List: want.IsList}}, "", false)
	if err != nil {
		return &Mismatch{Input: want.Input, Expected: want.Output, Got: err}
	}
	if err := compare(want.Input, want.OutputType, typeName(result.Type)); err != nil {
		return err
	}
	values, err := caseValues(want.Input)
	if err != nil {
		return err
	}
	var got []any
	for _, v := range transformed(transform, values, want.IsList) {
		got = append(got, plain(v))
	}
	return compare(want.Input, want.Output, got)
}

func transformed(transform operator.Transform, values []event.Value, list bool) []event.Value {
	var scratch event.Scratch
	if !list {
		var out []event.Value
		for i := range values {
			out = append(out, transform(&scratch, &values[i]))
		}
		return out
	}
	all := event.ListOf(values)
	v := transform(&scratch, &all)
	if v.Kind() != event.KindList {
		return []event.Value{v}
	}
	return v.List()
}

func caseValues(raws []json.RawMessage) ([]event.Value, error) {
	var values []event.Value
	for _, raw := range raws {
		var number uint64
		if json.Unmarshal(raw, &number) == nil {
			values = append(values, event.Uint(number))
			continue
		}
		var text caseText
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
		values = append(values, event.Text(string(text)))
	}
	return values, nil
}

// plain is a value as JSON shows it.
func plain(v event.Value) any {
	switch v.Kind() {
	case event.Missing:
		return nil
	case event.KindUint:
		return v.Uint()
	case event.KindInt:
		return v.Int()
	case event.KindBool:
		return v.Bool()
	}
	return v.String()
}
