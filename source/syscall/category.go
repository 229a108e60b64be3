package syscall

import "github.com/lannersec/lanner/identity/process"

// Category classifies events (evt.category).
type Category uint8

// The categories.
const (
	CatUnknown Category = iota
	CatOther
	CatFile
	CatNet
	CatIpc
	CatMemory
	CatProcess
	CatSleep
	CatSystem
	CatSignal
	CatUser
	CatTime
	CatIoRead
	CatIoWrite
	CatIoOther
	CatWait
	CatScheduler
	CatInternal
)

// categoryNames are the texts of evt.category. Input and output have the class
// of their descriptor.
var categoryNames = [...]string{
	CatUnknown:   "unknown",
	CatOther:     "other",
	CatFile:      "file",
	CatNet:       "net",
	CatIpc:       "IPC",
	CatMemory:    "memory",
	CatProcess:   "process",
	CatSleep:     "sleep",
	CatSystem:    "system",
	CatSignal:    "signal",
	CatUser:      "user",
	CatTime:      "time",
	CatIoRead:    "unknown",
	CatIoWrite:   "unknown",
	CatIoOther:   "unknown",
	CatWait:      "wait",
	CatScheduler: "scheduler",
	CatInternal:  "internal",
}

// fdCategories are the classes of input and output by type of descriptor.
var fdCategories = [...]string{
	process.FDUnknown:     "other",
	process.FDFile:        "file",
	process.FDDirectory:   "file",
	process.FDIPv4Sock:    "net",
	process.FDIPv6Sock:    "net",
	process.FDIPv4Serv:    "net",
	process.FDIPv6Serv:    "net",
	process.FDFifo:        "ipc",
	process.FDUnixSock:    "ipc",
	process.FDEvent:       "ipc",
	process.FDUnsupported: "other",
	process.FDSignal:      "ipc",
	process.FDEventPoll:   "other",
	process.FDInotify:     "other",
	process.FDTimer:       "other",
	process.FDNetlink:     "other",
	process.FDFileV2:      "file",
	process.FDBPF:         "other",
	process.FDUserFault:   "other",
	process.FDIOUring:     "other",
	process.FDMemfd:       "other",
	process.FDPidfd:       "other",
}
