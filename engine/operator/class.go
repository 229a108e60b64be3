package operator

import "github.com/lannersec/lanner/engine/field"

// Class groups the field types that compare alike. It is a bit, so that a table
// row can name several.
type Class uint16

// The classes.
const (
	Text     Class = 1 << iota // text and paths
	Buffer                     // raw bytes
	Signed                     // whole numbers that may be negative
	Unsigned                   // whole numbers that are not
	Double
	Bool
	Address
	Network // compared by containment
	// Other is a type that no comparison is defined for; only exists is.
	Other

	number = Signed | Unsigned | Double
	inet   = Address | Network
	scalar = Text | Buffer | number | Bool | inet
)

// typeRow is what the operators must know of a type.
type typeRow struct {
	class Class
	bits  uint8 // width of a number
	list  bool  // lists of the type can be compared
	name  string
}

// types is indexed by field.Type; a type that does not stand here is Other.
var types = [...]typeRow{
	field.Charbuf:     {Text, 0, true, "charbuf"},
	field.FSPath:      {Text, 0, false, "fspath"},
	field.FSRelPath:   {Text, 0, false, "fsrelpath"},
	field.Bytebuf:     {Buffer, 0, false, "bytebuf"},
	field.Int8:        {Signed, 8, false, "int8"},
	field.Int16:       {Signed, 16, false, "int16"},
	field.Int32:       {Signed, 32, false, "int32"},
	field.Int64:       {Signed, 64, false, "int64"},
	field.Uint8:       {Unsigned, 8, false, "uint8"},
	field.Uint16:      {Unsigned, 16, false, "uint16"},
	field.Uint32:      {Unsigned, 32, false, "uint32"},
	field.Uint64:      {Unsigned, 64, true, "uint64"},
	field.Bool:        {Bool, 0, true, "bool"},
	field.Double:      {Double, 64, false, "double"},
	field.RelTime:     {Unsigned, 64, true, "reltime"},
	field.AbsTime:     {Unsigned, 64, true, "abstime"},
	field.FD:          {Signed, 64, false, "fd"},
	field.FD32:        {Signed, 32, false, "fd32"},
	field.PID:         {Signed, 64, false, "pid"},
	field.PID32:       {Signed, 32, false, "pid32"},
	field.UID:         {Unsigned, 32, false, "uid"},
	field.GID:         {Unsigned, 32, false, "gid"},
	field.Errno:       {Signed, 64, false, "errno"},
	field.SyscallID:   {Unsigned, 16, false, "syscallid"},
	field.SigType:     {Unsigned, 8, false, "sigtype"},
	field.Port:        {Unsigned, 16, false, "port"},
	field.Mode:        {Unsigned, 32, false, "mode"},
	field.Flags8:      {Unsigned, 8, false, "flags8"},
	field.Flags16:     {Unsigned, 16, false, "flags16"},
	field.Flags32:     {Unsigned, 32, false, "flags32"},
	field.EnumFlags8:  {Unsigned, 8, false, "enumflags8"},
	field.EnumFlags16: {Unsigned, 16, false, "enumflags16"},
	field.EnumFlags32: {Unsigned, 32, false, "enumflags32"},
	field.IPv4Addr:    {Address, 0, false, "ipv4addr"},
	field.IPv6Addr:    {Address, 0, false, "ipv6addr"},
	field.IPAddr:      {Address, 0, true, "ipaddr"},
	field.IPv4Net:     {Network, 0, false, "ipv4net"},
	field.IPv6Net:     {Network, 0, false, "ipv6net"},
	field.IPNet:       {Network, 0, true, "ipnet"},
}

func rowOf(t field.Type) typeRow {
	if int(t) < len(types) && types[t].class != 0 {
		return types[t]
	}
	return typeRow{class: Other, name: "unsupported"}
}

// ClassOf tells how values of t compare.
func ClassOf(t field.Type) Class { return rowOf(t).class }

// TypeName is the type's name as documentation and messages show it.
func TypeName(t field.Type) string { return rowOf(t).name }

// classNames are used in messages: "operator not supported for … filters".
var classNames = map[Class]string{
	Text: "string", Buffer: "buffer", Signed: "numeric", Unsigned: "numeric", Double: "numeric",
	Bool: "boolean", Address: "ip address and network", Network: "ip address and network",
}
