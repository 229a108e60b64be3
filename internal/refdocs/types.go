package refdocs

import "github.com/lannersec/lanner/engine/field"

// typeWords are the types in words; those that are not here are numbers.
var typeWords = map[field.Type]string{
	field.Charbuf: "text", field.FSPath: "path", field.FSRelPath: "path", field.Bytebuf: "bytes",
	field.CharbufArray: "list of text", field.CharbufPairArray: "list of pairs", field.Bool: "true or false",
	field.RelTime: "nanoseconds", field.AbsTime: "time", field.FD: "descriptor", field.FD32: "descriptor",
	field.PID: "process id", field.PID32: "process id", field.UID: "user id", field.GID: "group id",
	field.Errno: "result", field.SyscallID: "call", field.SigType: "signal", field.SigSet: "signals", field.Mode: "mode",
	field.Flags8: "flags", field.Flags16: "flags", field.Flags32: "flags",
	field.EnumFlags8: "name", field.EnumFlags16: "name", field.EnumFlags32: "name",
	field.SockAddr: "socket address", field.SockTuple: "socket ends", field.FDList: "descriptors", field.Port: "port",
	field.IPAddr: "address", field.IPv4Addr: "address", field.IPv6Addr: "address",
	field.IPNet: "network", field.IPv4Net: "network", field.IPv6Net: "network", field.Dyn: "depends",
}

// typeWord is a type in words.
func typeWord(t field.Type) string {
	if word, ok := typeWords[t]; ok {
		return word
	}
	return "number"
}
