package syscall

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
