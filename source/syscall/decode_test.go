package syscall

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"
)

// record builds a capture-form record.
func record(form Form, num uint16, params ...[]byte) []byte {
	width := 2
	if info := Info(num); info != nil && info.Flags&LargePayload != 0 {
		width = 4
	}
	b := binary.LittleEndian.AppendUint64(nil, 1_700_000_000_000_000_007)
	b = binary.LittleEndian.AppendUint64(b, 42)
	b = binary.LittleEndian.AppendUint32(b, 0)
	b = binary.LittleEndian.AppendUint16(b, num)
	if form == FormCounted {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(params)))
	}
	for _, p := range params {
		if width == 4 {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
		} else {
			b = binary.LittleEndian.AppendUint16(b, uint16(len(p)))
		}
	}
	b = append(b, slices.Concat(params...)...)
	binary.LittleEndian.PutUint32(b[16:], uint32(len(b)))
	return b
}

func u16(n uint16) []byte  { return binary.LittleEndian.AppendUint16(nil, n) }
func u32(n uint32) []byte  { return binary.LittleEndian.AppendUint32(nil, n) }
func u64(n uint64) []byte  { return binary.LittleEndian.AppendUint64(nil, n) }
func i64(n int64) []byte   { return u64(uint64(n)) }
func text(s string) []byte { return append([]byte(s), 0) }

func openat(form Form) []byte {
	return record(form, EvOpenatX, i64(4), i64(-100), text("/etc/shadow"), u32(4097), u32(0), u32(0x803), u64(77))
}

func TestDecode(t *testing.T) {
	for _, form := range []Form{FormCounted, FormBare} {
		var e Event
		if err := e.Decode(openat(form), form); err != nil {
			t.Fatalf("form %d: %v", form, err)
		}
		if e.Head.Time != 1_700_000_000_000_000_007 || e.TID != 42 || e.Info.Num != EvOpenatX || e.Head.Type != TypeOpenat {
			t.Errorf("form %d: time %d, tid %d, type %s", form, e.Head.Time, e.TID, e.Name())
		}
		if e.NumParams() != 7 || e.Int(0) != 4 || e.Int(1) != -100 || e.Text(2) != "/etc/shadow" || e.Uint(6) != 77 {
			t.Errorf("form %d: params %d %d %d %q %d", form, e.NumParams(), e.Int(0), e.Int(1), e.Text(2), e.Uint(6))
		}
	}
}

func TestDecodeFewerParams(t *testing.T) {
	for _, form := range []Form{FormCounted, FormBare} {
		var e Event
		if err := e.Decode(record(form, EvOpenatX, i64(4), i64(-100), nil), form); err != nil {
			t.Fatal(err)
		}
		if e.NumParams() != 3 || e.Text(2) != NA || e.HasParam(2) || e.Param(3) != nil || e.Text(3) != "" {
			t.Errorf("form %d: %d params, name %q", form, e.NumParams(), e.Text(2))
		}
	}
}

func TestDecodeGeneric(t *testing.T) {
	code, ok := Code(TypeArchPrctl)
	if !ok {
		t.Fatal("arch_prctl has no code")
	}
	var e Event
	if err := e.Decode(record(FormCounted, EvSyscallX, u16(code), u16(158)), FormCounted); err != nil {
		t.Fatal(err)
	}
	if e.Name() != "arch_prctl" {
		t.Errorf("name %q", e.Name())
	}
	if err := e.Decode(record(FormCounted, EvSyscallX, u16(0), u16(221)), FormCounted); err != nil {
		t.Fatal(err)
	}
	if e.Name() != "fadvise64" {
		t.Errorf("name by the machine's number: %q", e.Name())
	}
}

func TestDecodeRejects(t *testing.T) {
	cut := openat(FormCounted)
	cut = cut[:len(cut)-1]
	many := openat(FormCounted)
	binary.LittleEndian.PutUint32(many[22:], 1<<31)
	long := openat(FormCounted)
	binary.LittleEndian.PutUint16(long[countedHeader:], 60000)
	odd := append(openat(FormBare), 0)
	binary.LittleEndian.PutUint32(odd[16:], uint32(len(odd)))
	short := openat(FormCounted)
	binary.LittleEndian.PutUint32(short[16:], 3)
	tests := []struct {
		name string
		rec  []byte
		form Form
	}{
		{"empty", nil, FormCounted},
		{"header of the older form", openat(FormBare)[:bareHeader], FormCounted},
		{"cut", cut, FormCounted},
		{"count", many, FormCounted},
		{"long parameter", long, FormCounted},
		{"bytes left over", odd, FormBare},
		{"length below the header", short, FormCounted},
		{"unknown type", record(FormCounted, 4000), FormCounted},
		{"type out of use", record(FormCounted, 17), FormCounted},
	}
	for _, tt := range tests {
		var e Event
		if err := e.Decode(tt.rec, tt.form); !errors.Is(err, ErrRecord) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(openat(FormCounted), uint8(FormCounted))
	f.Add(openat(FormBare), uint8(FormBare))
	f.Add(record(FormCounted, EvContainerE, text(`{}`)), uint8(FormCounted))
	f.Add(record(FormCounted, EvSyscallX, u16(5), u16(2)), uint8(FormCounted))
	f.Fuzz(func(t *testing.T, rec []byte, form uint8) {
		var e Event
		if err := e.Decode(rec, Form(form&1)); err != nil {
			if !errors.Is(err, ErrRecord) {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		if e.NumParams() > len(e.Info.Params) {
			t.Fatalf("%d parameters of %d", e.NumParams(), len(e.Info.Params))
		}
		for i := range e.NumParams() {
			e.Value(i)
		}
	})
}
