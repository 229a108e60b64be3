package syscall

import "github.com/lannersec/lanner/engine/field"

// ValueTable names the bits of a flags parameter or the values of an
// enumeration. The order is the one in which they are tried and shown.
type ValueTable struct {
	Name string
	Rows []NamedValue
}

// NamedValue is a row of a ValueTable.
type NamedValue struct {
	Name  string
	Value uint64
}

// The forms that dynamic parameters take; the first byte of such a parameter
// selects the row.
var (
	dynSockopt = []ParamInfo{
		{Type: field.Bytebuf},
		{Type: field.Errno},
		{Type: field.Uint32},
		{Type: field.Uint64},
		{Type: field.RelTime},
	}
	dynPtrace = []ParamInfo{
		{Type: field.Uint64, Format: Hex},
		{Type: field.SigType},
	}
	dynBpf = []ParamInfo{
		{Type: field.FD},
		{Type: field.Errno},
	}
	dynKeyctl = []ParamInfo{
		{Type: field.Int64},
		{Type: field.Charbuf},
	}
)
