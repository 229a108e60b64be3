package output

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
)

// JSONOptions choose what AppendJSON writes.
type JSONOptions struct {
	// Derived includes the results of transformers beside the fields.
	Derived bool
}

// AppendJSON appends the template's values as a JSON object, ordered by name,
// and null where there are none. Like Append it reports false at a missing value;
// with a leading star a missing value is null.
func (f *Format) AppendJSON(c *compile.Context, dst []byte, opts JSONOptions) (object []byte, ok bool) {
	values := map[string]event.Value{}
	ok = true
	for _, field := range f.fields {
		if field.Derived && !opts.Derived {
			continue
		}
		v := field.Ref.Get(c)
		if !v.Exists() && !f.optional {
			ok = false
			break
		}
		values[field.Name] = v
	}
	if len(values) == 0 {
		return append(dst, "null"...), ok
	}
	for i, name := range slices.Sorted(maps.Keys(values)) {
		if i == 0 {
			dst = append(dst, '{')
		} else {
			dst = append(dst, ',')
		}
		dst = appendString(dst, name)
		dst = append(dst, ':')
		dst = appendJSON(dst, values[name])
	}
	return append(dst, '}'), ok
}

func appendJSON(dst []byte, v event.Value) []byte {
	switch v.Kind() {
	case event.Missing:
		return append(dst, "null"...)
	case event.KindInt:
		return strconv.AppendInt(dst, v.Int(), 10)
	case event.KindUint:
		return strconv.AppendUint(dst, v.Uint(), 10)
	case event.KindBool:
		return strconv.AppendBool(dst, v.Bool())
	case event.KindFloat:
		return appendFloat(dst, v.Float())
	case event.KindList:
		dst = append(dst, '[')
		for i, item := range v.List() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, item)
		}
		return append(dst, ']')
	}
	return appendString(dst, v.String())
}

// appendFloat writes null for what JSON has no number for.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

func appendString(dst []byte, s string) []byte {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return append(dst, `""`...)
	}
	return append(dst, strings.TrimSuffix(b.String(), "\n")...)
}
