package syscall

import "github.com/lannersec/lanner/engine/field"

// widths are the bytes of a number of each type in the capture format.
var widths = [field.PID32 + 1]uint8{
	field.Int8: 1, field.Uint8: 1, field.SigType: 1, field.L4Proto: 1, field.SockFamily: 1,
	field.Flags8: 1, field.EnumFlags8: 1,
	field.Int16: 2, field.Uint16: 2, field.Port: 2, field.SyscallID: 2, field.Flags16: 2, field.EnumFlags16: 2,
	field.Int32: 4, field.Uint32: 4, field.Bool: 4, field.UID: 4, field.GID: 4, field.Mode: 4,
	field.Flags32: 4, field.EnumFlags32: 4, field.FD32: 4, field.PID32: 4, field.SigSet: 4,
	field.Int64: 8, field.Uint64: 8, field.RelTime: 8, field.AbsTime: 8, field.FD: 8, field.PID: 8, field.Errno: 8,
}

// Width is how many bytes a number parameter of type t takes; 0 where it is none.
func Width(t field.Type) int {
	if int(t) < len(widths) {
		return int(widths[t])
	}
	return 0
}
