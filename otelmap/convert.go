package otelmap

import (
	"math"
	"path"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/lannersec/lanner/engine/event"
)

// converter writes a field's value, which exists, as attribute key of dst. It
// may read other fields, and write nothing.
type converter func(dst pcommon.Map, key string, v event.Value, all fields)

// setValue writes v with the type that the field has. Text is made valid UTF-8,
// because a path may hold any bytes and OTLP's strings may not.
func setValue(dst pcommon.Value, v event.Value) {
	switch v.Kind() {
	case event.KindBytes:
		dst.SetEmptyBytes().FromRaw([]byte(v.Str()))
	case event.KindInt:
		dst.SetInt(v.Int())
	case event.KindUint:
		setUint(dst, v.Uint())
	case event.KindBool:
		dst.SetBool(v.Bool())
	case event.KindFloat:
		dst.SetDouble(v.Float())
	case event.KindList:
		list := dst.SetEmptySlice()
		for _, item := range v.List() {
			setValue(list.AppendEmpty(), item)
		}
	case event.KindText, event.KindIP, event.KindNet:
		dst.SetStr(valid(v.String()))
	case event.Missing:
	}
}

// setUint writes n as a number, or as text where OTLP's signed one is too small.
func setUint(dst pcommon.Value, n uint64) {
	if n > math.MaxInt64 {
		dst.SetStr(strconv.FormatUint(n, 10))
		return
	}
	dst.SetInt(int64(n))
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func putBase(dst pcommon.Map, key string, v event.Value, _ fields) {
	dst.PutStr(key, valid(path.Base(v.Str())))
}

func putParent(dst pcommon.Map, key string, v event.Value, _ fields) {
	dst.PutStr(key, valid(path.Dir(v.Str())))
}

// putDirectory drops the slash that the field has at its end.
func putDirectory(dst pcommon.Map, key string, v event.Value, _ fields) {
	dir := v.Str()
	if len(dir) > 1 {
		dir = strings.TrimSuffix(dir, "/")
	}
	dst.PutStr(key, valid(dir))
}

func putNonZero(dst pcommon.Map, key string, v event.Value, _ fields) {
	dst.PutBool(key, v.Uint() != 0)
}

// putUnlessNegative leaves out -1, the login user of one who never logged in.
func putUnlessNegative(dst pcommon.Map, key string, v event.Value, _ fields) {
	if v.Int() >= 0 {
		dst.PutInt(key, v.Int())
	}
}

func putSlice(dst pcommon.Map, key string, v event.Value, _ fields) {
	dst.PutEmptySlice(key).AppendEmpty().SetStr(valid(v.String()))
}

// putRepoDigest joins the repository, which the digest alone does not tell.
func putRepoDigest(dst pcommon.Map, key string, v event.Value, all fields) {
	digest := v.Str()
	if repo := all.text(fieldImage); repo != "" && !strings.Contains(digest, "@") {
		digest = repo + "@" + digest
	}
	dst.PutEmptySlice(key).AppendEmpty().SetStr(valid(digest))
}

// putTransport leaves out what is no transport, as "raw".
func putTransport(dst pcommon.Map, key string, v event.Value, _ fields) {
	if t := v.Str(); t == "tcp" || t == "udp" {
		dst.PutStr(key, t)
	}
}
