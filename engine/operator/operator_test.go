package operator

import (
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

func TestParseConstant(t *testing.T) {
	for _, tc := range []struct {
		t    field.Type
		text string
		want event.Value
		err  string
	}{
		{t: field.Charbuf, text: "a", want: event.Text("a")},
		{t: field.Charbuf, text: "a\x00", err: "NUL"},
		{t: field.FSPath, text: strings.Repeat("a", 256), err: "too long"},
		{t: field.Bytebuf, text: "a\x00", want: event.Bytes("a\x00")},
		{t: field.Int64, text: "-12", want: event.Int(-12)},
		{t: field.Int64, text: "0x10", want: event.Int(16)},
		{t: field.Int64, text: "-0x10", want: event.Int(-16)},
		{t: field.Int64, text: "18446744073709551615", want: event.Uint(1<<64 - 1)},
		{t: field.Int64, text: "-9223372036854775808", want: event.Int(-1 << 63)},
		{t: field.Int64, text: "-9223372036854775809", err: "not a valid number"},
		{t: field.Int64, text: "1.5", err: "not a valid number"},
		{t: field.Int64, text: "", err: "not a valid number"},
		{t: field.Int64, text: "--1", err: "not a valid number"},
		{t: field.Uint32, text: "-20", want: event.Uint(1<<32 - 20)},
		{t: field.Uint64, text: "-1", want: event.Uint(1<<64 - 1)},
		{t: field.Uint8, text: "-1", want: event.Uint(255)},
		{t: field.Uint8, text: "515", want: event.Uint(515)},
		{t: field.Double, text: "-2", want: event.Float(-2)},
		{t: field.Double, text: "1.0", err: "not a valid number"},
		{t: field.Bool, text: "true", want: event.Bool(true)},
		{t: field.Bool, text: "1", err: "unrecognized boolean"},
		{t: field.Port, text: "443", want: event.Uint(443)},
		{t: field.Port, text: "https", want: event.Uint(443)},
		{t: field.Port, text: "", want: event.Uint(0)},
		{t: field.Port, text: "70000", err: "not a valid port"},
		{t: field.Port, text: "-1", err: "not a valid port"},
		{t: field.Port, text: "x", err: "unrecognized protocol x"},
		{t: field.IPAddr, text: "1.2.3.4", want: event.IPBytes("\x01\x02\x03\x04")},
		{t: field.IPAddr, text: "1.2.3", err: "unrecognized IPv4 address"},
		{t: field.IPAddr, text: "x", err: "unrecognized IPv6 address"},
		{t: field.IPAddr, text: "fe80::1%eth0", err: "unrecognized IPv6 address"},
		{t: field.IPNet, text: "10.1.2.3/8", want: event.NetBytes("\x0a\x00\x00\x00", 8)},
		{t: field.IPNet, text: "10.0.0.0", err: "unrecognized IP network"},
		{t: field.IPNet, text: "10.0.0.0/33", err: "invalid netmask"},
		{t: field.IPNet, text: "x/8", err: "unrecognized IP address"},
		{t: field.SockAddr, text: "x", err: "no constant"},
	} {
		got, err := ParseConstant(tc.t, tc.text)
		switch {
		case tc.err != "":
			if err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s %q: error %v, want %q", TypeName(tc.t), tc.text, err, tc.err)
			}
		case err != nil || got.Kind() != tc.want.Kind() || got.String() != tc.want.String():
			t.Errorf("%s %q: %v %v, want %v", TypeName(tc.t), tc.text, got, err, tc.want)
		}
	}
}

// TestCheck goes through operators and classes: each operator takes exactly the
// classes that stand here.
func TestCheck(t *testing.T) {
	samples := map[Class]field.Type{
		Text: field.FSPath, Buffer: field.Bytebuf, Signed: field.Int64, Unsigned: field.Uint32,
		Double: field.Double, Bool: field.Bool, Address: field.IPAddr, Network: field.IPNet, Other: field.SockAddr,
	}
	for _, op := range Operators() {
		for class, sample := range samples {
			want := op.Accepts&class != 0
			if err := op.Check(sample, false); (err == nil) != want {
				t.Errorf("%s %s: %v", TypeName(sample), op.Name, err)
			}
		}
		if err := op.Check(field.Charbuf, true); (err == nil) != op.OnList {
			t.Errorf("list %s: %v", op.Name, err)
		}
	}
	in, _ := Lookup("in")
	if in.Check(field.Int16, true) == nil {
		t.Error("a list of int16 can be compared")
	}
}

func TestLookup(t *testing.T) {
	if op, ok := Lookup("=="); !ok || op.Name != "=" {
		t.Error("== is not =")
	}
	if _, ok := Lookup("~"); ok {
		t.Error("~ is known")
	}
}

// TestNumbersOfBothSigns: the kinds of value and constant need not agree.
func TestNumbersOfBothSigns(t *testing.T) {
	values := []event.Value{event.Int(-1), event.Int(0), event.Uint(0), event.Int(7), event.Uint(7), event.Uint(1<<64 - 1), event.Float(7)}
	rank := []int{0, 1, 1, 2, 2, 3, 2}
	for _, op := range []string{"=", "!=", "<", "<=", ">", ">="} {
		row, _ := Lookup(op)
		for i := range values {
			for j := range values {
				class := Signed
				if values[j].Kind() == event.KindFloat {
					class = Double
				}
				match, err := row.build(class, []event.Value{values[j]})
				if err != nil {
					t.Fatal(err)
				}
				want := map[string]bool{
					"=": rank[i] == rank[j], "!=": rank[i] != rank[j], "<": rank[i] < rank[j],
					"<=": rank[i] <= rank[j], ">": rank[i] > rank[j], ">=": rank[i] >= rank[j],
				}[op]
				// A Double field yields floats only, and only then are constants floats.
				if values[i].Kind() == event.KindFloat && class != Double {
					continue
				}
				if got := match(&values[i]); got != want {
					t.Errorf("%v %s %v: %v", values[i], op, values[j], got)
				}
			}
		}
	}
}

func TestSets(t *testing.T) {
	in, _ := Lookup("in")
	for _, tc := range []struct {
		t           field.Type
		items, hits []string
		misses      []string
	}{
		{field.Charbuf, nil, nil, []string{"", "a"}},
		{field.Charbuf, []string{"a", "b"}, []string{"a", "b"}, []string{"", "c", "ab"}},
		{field.Charbuf, []string{"a", "b", "c", "d", "e", "f", "g"}, []string{"a", "g"}, []string{"", "h", "aa"}},
		{field.Int64, []string{"1", "-1"}, []string{"1", "-1"}, []string{"0", "18446744073709551615"}},
		{field.Int64, []string{"1", "2", "3", "4", "5", "6", "-7"}, []string{"6", "-7"}, []string{"7"}},
		{field.IPAddr, []string{"1.2.3.4", "::1"}, []string{"1.2.3.4", "::1"}, []string{"4.3.2.1", "::2"}},
		{field.Bool, []string{"true", "false"}, []string{"true"}, nil},
	} {
		match := build(t, in, tc.t, tc.items...)
		for _, hit := range tc.hits {
			if v := constant(t, tc.t, hit); !match(&v) {
				t.Errorf("%q does not hold %q", tc.items, hit)
			}
		}
		for _, miss := range tc.misses {
			if v := constant(t, tc.t, miss); match(&v) {
				t.Errorf("%q holds %q", tc.items, miss)
			}
		}
	}
}

func TestNetworks(t *testing.T) {
	in, _ := Lookup("in")
	match := build(t, in, field.IPNet, "10.0.0.0/8", "192.168.1.0/24", "fe80::/10", "0.0.0.0/32")
	for address, want := range map[string]bool{
		"10.255.0.1": true, "11.0.0.1": false, "192.168.1.255": true, "192.168.2.1": false, "fe80::1": true, "::1": false,
	} {
		v := constant(t, field.IPAddr, address)
		if got := match(&v); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	equal, _ := Lookup("=")
	network := constant(t, field.IPNet, "10.1.0.0/16")
	if !build(t, equal, field.IPNet, "10.0.0.0/8")(&network) {
		t.Error("a network is not in a wider one")
	}
	if build(t, equal, field.IPNet, "10.1.1.0/24")(&network) {
		t.Error("a network is in a narrower one")
	}
}

func TestRegex(t *testing.T) {
	regex, _ := Lookup("regex")
	for _, tc := range []struct {
		pattern, text string
		want          bool
	}{
		{"a|ab", "ab", true},
		{"^a$", "a", true},
		{"a", "ab", false},
		{"", "", true},
		{"", "a", false},
		{".*", "", true},
	} {
		v := event.Text(tc.text)
		if got := build(t, regex, field.Charbuf, tc.pattern)(&v); got != tc.want {
			t.Errorf("%q %q: %v", tc.pattern, tc.text, got)
		}
	}
	for _, bad := range []string{"(", "a)(b", `\p`} {
		if _, err := regex.Build(field.Charbuf, []event.Value{event.Text(bad)}); err == nil {
			t.Errorf("%q compiles", bad)
		}
	}
}

func TestPlainRegex(t *testing.T) {
	for pattern, want := range map[string]bool{
		"syscall": true, "^syscall$": true, "^syscall": true, ".*syscall.*": true, "syscall.+": true, ".?syscall": true,
		"syscall.{1}": false, `syscall\.*`: false, "s.*l": false, "[a-z]+": false, "(a|b)": false,
	} {
		if got := PlainRegex(pattern); got != want {
			t.Errorf("%q: %v", pattern, got)
		}
	}
}

func TestFoldContains(t *testing.T) {
	op, _ := Lookup("icontains")
	for _, tc := range []struct {
		text, want string
		match      bool
	}{
		{"HELLO", "ell", true},
		{"hello", "ELL", true},
		{"hello", "", true},
		{"", "a", false},
		{"hell", "hello", false},
		{"aaab", "AAB", true},
	} {
		v := event.Text(tc.text)
		if got := build(t, op, field.Charbuf, tc.want)(&v); got != tc.match {
			t.Errorf("%q icontains %q: %v", tc.text, tc.want, got)
		}
		if foldContains(tc.text, tc.want) != tc.match {
			t.Errorf("%q and %q as fields", tc.text, tc.want)
		}
	}
}

func constant(t testing.TB, ft field.Type, text string) event.Value {
	t.Helper()
	v, err := ParseConstant(ft, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func build(t testing.TB, op *Operator, ft field.Type, texts ...string) Matcher {
	t.Helper()
	consts := make([]event.Value, len(texts))
	for i, text := range texts {
		v, err := op.Parse(ft, text)
		if err != nil {
			t.Fatal(err)
		}
		consts[i] = v
	}
	match, err := op.Build(ft, consts)
	if err != nil {
		t.Fatal(err)
	}
	return match
}
