package abi

// Op is how a parameter of the capture format is made. Arg is the number of an
// argument, of a fetch, or nothing, as the comment says.
type Op uint8

// The operations.
const (
	OpEmpty Op = iota // no bytes: the program does not collect it

	OpRet    // result as 8 bytes, signed
	OpRetU32 // result as 4 bytes
	OpRetU64 // result as 8 bytes
	OpFD     // argument as a descriptor: 32 bits, sign-extended to 8 bytes
	OpI64    // argument as a 32-bit number, sign-extended to 8 bytes
	OpU64    // argument
	OpU32    // argument
	OpI32    // argument
	OpU8     // argument
	OpZero32 // 4 zero bytes
	OpZero8  // 1 zero byte

	OpText   // fetched text with its NUL
	OpBytes  // fetched bytes
	OpBlobFD // 32 bits of fetch 0 at offset Arg, sign-extended to 8 bytes
	OpBlob32 // 32 bits of fetch 0 at offset Arg
	OpBlob64 // 64 bits of fetch 0 at offset Arg

	OpDev   // device of the object
	OpIno   // inode of the object
	OpPath  // resolved path of the object
	OpLayer // overlay layer of the object, as creat has it

	OpOpenFlags   // argument, with the object's layer
	OpOpenFlags16 // argument, in 2 bytes
	OpOpenMode    // argument, 0 where the flags in the argument before it do not create
	OpHowFlags    // struct open_how in fetch 1
	OpHowMode
	OpHowResolve

	OpCap       // capability set Arg after the call: 0 inheritable, 1 permitted, 2 effective
	OpAddr      // address that the program passed
	OpTuple     // both ends of the object
	OpTupleTo   // ends, with the address passed as remote end
	OpTupleFrom // ends, with the address received as remote end
	OpQueuePct  // accept queue of the object
	OpQueueLen
	OpQueueMax
	OpSocketFamily // argument as 4 bytes
	OpSockoptLevel // argument as 1 byte

	OpAccessMode // from here on: argument as a flag or enumeration of the capture format
	OpAtFlags
	OpBpfCmd
	OpChmodMode
	OpCloneFlags
	OpDeleteModuleFlags
	OpEpollFlags
	OpFcntlCmd
	OpFlockFlags
	OpFutexOp
	OpLinkFlags
	OpMknodMode
	OpMmapFlags
	OpMountFlags
	OpPidfdFlags
	OpPrctlOption
	OpPrctlText // fetch 0 where the option has text, else empty
	OpPrctlInt  // argument 1 where the option has a number
	OpProtFlags
	OpPtraceRequest
	OpPtraceAddr
	OpPtraceData
	OpSemctlCmd
	OpSemgetFlags
	OpUnlinkFlags
	OpUringFlags
	OpUringFeatures
	OpUringOp
	OpEnd
)
