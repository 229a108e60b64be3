package abi

// Row is a Call as the kernel programs read it.
type Row struct {
	Object    ObjectKind
	ObjectArg uint8
	Flags     RowFlags
	NumFetch  uint8
	Fetch     [MaxFetch]RowFetch
	OpenFlags uint8 // 1 + the argument that has open flags; 0: none
}

// RowFetch is a Fetch as the kernel programs read it.
type RowFetch struct {
	Kind FetchKind
	Arg  uint8
	Aux  uint8
}

// RowFlags are facts about a row.
type RowFlags uint8

// The row flags.
const (
	RowLineage RowFlags = 1 << iota
	RowFailures
	RowCaps
)

// Rows are all Calls in kernel form, in the same order.
func Rows() [CallLimit]Row {
	var rows [CallLimit]Row
	for i := range Calls {
		c := &Calls[i]
		r := Row{Object: c.Object.Kind, ObjectArg: c.Object.Arg, NumFetch: uint8(len(c.Fetch))}
		if c.Lineage {
			r.Flags |= RowLineage
		}
		if c.Caps {
			r.Flags |= RowCaps
		}
		if c.Failures {
			r.Flags |= RowFailures
		}
		for j, f := range c.Fetch {
			r.Fetch[j] = RowFetch(f)
		}
		for _, p := range c.Params {
			if p.Op == OpOpenFlags && c.Object.Kind == ObjectRet {
				r.OpenFlags = p.Arg + 1
			}
		}
		rows[i] = r
	}
	return rows
}

// MaxNR bounds the syscall numbers of all architectures.
const MaxNR = 512

// NoCall marks a number that no row has.
const NoCall = 0xffff

// Index maps a machine's syscall numbers to rows; NoCall where there is none.
func Index(number func(Numbers) int16) [MaxNR]uint16 {
	var index [MaxNR]uint16
	for nr := range index {
		index[nr] = NoCall
	}
	for i := range Calls {
		if nr := number(Calls[i].NR); nr >= 0 && nr < MaxNR {
			index[nr] = uint16(i)
		}
	}
	return index
}

// SocketCalls maps the numbers of the i386 call socketcall to rows.
func SocketCalls() [32]uint16 {
	var calls [32]uint16
	for i := range calls {
		calls[i] = NoCall
	}
	for i, name := range socketCalls {
		if row, ok := Find(name); ok && name != "" {
			calls[i] = uint16(row)
		}
	}
	return calls
}

// socketCalls are the calls behind socketcall, by its number (linux/net.h).
var socketCalls = [...]string{
	1: "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair",
	"send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg",
	"accept4", "recvmmsg", "sendmmsg",
}

// UringCalls maps the operations of io_uring to rows.
func UringCalls() [64]uint16 {
	var calls [64]uint16
	for op := range calls {
		calls[op] = NoCall
	}
	for op, name := range uringCalls {
		if row, ok := Find(name); ok {
			calls[op] = uint16(row)
		}
	}
	return calls
}

// uringCalls are the calls that io_uring operations stand for, by their number
// (linux/io_uring.h).
var uringCalls = map[int]string{
	9: "sendmsg", 10: "recvmsg", 13: "accept", 16: "connect", 18: "openat", 26: "send", 27: "recv",
	28: "openat2", 35: "renameat", 36: "unlinkat", 37: "mkdirat", 38: "symlinkat", 39: "linkat",
	45: "socket", 56: "bind", 57: "listen",
}

// Find is the first row of a name.
func Find(name string) (int, bool) {
	for i := range Calls {
		if Calls[i].Name == name {
			return i, true
		}
	}
	return 0, false
}

// Constant is a number that the kernel programs share.
type Constant struct {
	Name  string
	Value int
}

// Constants are all of them, as the C header gets them.
func Constants() []Constant {
	return []Constant{
		{"REC_COMPAT32", int(Compat32)}, {"REC_IO_URING", int(IOURing)},
		{"REC_TRUNCATED", int(Truncated)}, {"REC_FAULT", int(Fault)}, {"REC_LINEAGE", int(Lineage)},
		{"CALL_EXEC", int(CallExec)}, {"CALL_FORK", int(CallFork)}, {"CALL_EXIT", int(CallExit)},
		{"CALL_LIMIT", CallLimit}, {"CALL_SPACE", CallSpace}, {"NO_CALL", NoCall}, {"MAX_NR", MaxNR},
		{"SEC_FETCH0", int(SecFetch0)}, {"SEC_BASE0", int(SecBase0)},
		{"SEC_FILE", int(SecFile)}, {"SEC_PATH", int(SecPath)}, {"SEC_SOCK", int(SecSock)}, {"SEC_UNIX", int(SecUnix)},
		{"SEC_EXEC", int(SecExec)}, {"SEC_ARGV", int(SecArgv)}, {"SEC_ENV", int(SecEnv)}, {"SEC_EXE", int(SecExe)},
		{"SEC_FILENAME", int(SecFilename)}, {"SEC_CWD", int(SecCwd)}, {"SEC_CGROUP", int(SecCgroup)},
		{"SEC_CGROUP_V1", int(SecCgroupV1)}, {"SEC_FORK", int(SecFork)}, {"SEC_ADDR", int(SecAddr)}, {"SEC_CAPS", int(SecCaps)},
		{"LAYER_UPPER", int(LayerUpper)}, {"LAYER_LOWER", int(LayerLower)},
		{"ROLE_CLIENT", int(RoleClient)}, {"ROLE_SERVER", int(RoleServer)},
		{"EXE_WRITABLE", int(ExeWritable)}, {"EXE_MEMFD", int(ExeMemfd)},
		{"FETCH_NONE", int(FetchNone)}, {"FETCH_TEXT", int(FetchText)}, {"FETCH_PATH", int(FetchPath)},
		{"FETCH_ADDR", int(FetchAddr)}, {"FETCH_DATA", int(FetchData)}, {"FETCH_BLOB", int(FetchBlob)},
		{"FETCH_IOVEC", int(FetchIovec)}, {"FETCH_MSG", int(FetchMsg)}, {"FETCH_ADDR_OUT", int(FetchAddrOut)}, {"FETCH_ARGV", int(FetchArgv)},
		{"OBJECT_NONE", int(ObjectNone)}, {"OBJECT_RET", int(ObjectRet)}, {"OBJECT_ARG", int(ObjectArg)}, {"OBJECT_CWD", int(ObjectCwd)},
		{"ROW_LINEAGE", int(RowLineage)}, {"ROW_FAILURES", int(RowFailures)}, {"ROW_CAPS", int(RowCaps)},
		{"NO_ARG", NoArg}, {"MAX_FETCH", MaxFetch},
		{"MAX_PATH", MaxPath}, {"MAX_ARGS", MaxArgs}, {"MAX_DATA", MaxData}, {"MAX_RECORD", MaxRecord},
		{"COUNT_SENT", int(CountSent)}, {"COUNT_REFUSED", int(CountRefused)}, {"COUNT_OVER_SHARE", int(CountOverShare)}, {"COUNT_FULL", int(CountFull)}, {"COUNT_TOO_BIG", int(CountTooBig)}, {"COUNT_FILTERED", int(CountFiltered)}, {"COUNT_CAUSES", int(CountCauses)},
		{"FEAT_RESULT", FeatResult}, {"FEAT_ACCESS", FeatAccess}, {"FEAT_CREATES", FeatCreates}, {"FEAT_OBJECT", FeatObject},
		{"FEAT_UNKNOWN", FeatUnknown}, {"RESULT_FAILED", ResultFailed}, {"RESULT_0", Result0}, {"RESULT_2", Result2}, {"RESULT_MORE", ResultMore},
		{"OBJECT_IS_FILE", ObjectIsFile}, {"OBJECT_IS_DIR", ObjectIsDir}, {"OBJECT_IS_FIFO", ObjectIsFifo},
		{"OBJECT_IS_IPV4", ObjectIsIPv4}, {"OBJECT_IS_IPV6", ObjectIsIPv6}, {"OBJECT_IS_UNIX", ObjectIsUnix}, {"OBJECT_IS_OTHER", ObjectIsOther},
		{"TEXT_PATH", TextPath}, {"TEXT_RAW", TextRaw}, {"FILTER_TEXTS", FilterTexts}, {"MAX_FILTERS", MaxFilters},
		{"TRIE_TEXT", TrieText}, {"MAX_NEEDLES", MaxNeedles}, {"MAX_SCAN", MaxScan}, {"TRIE_BASE", TrieBase}, {"GATE_FACTOR", GateFactor},
	}
}

// Count is why a record was counted.
type Count int

// The counters that the programs keep for each call.
const (
	CountSent      Count = iota
	CountRefused         // the ring was above its watermark for bulk records
	CountOverShare       // the ring was filling, and the process had its share of the rest
	CountFull            // the ring was full
	CountTooBig          // the record outgrew its bound
	CountFiltered        // no rule could match
	CountCauses
)
