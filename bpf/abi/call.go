package abi

// Call is one row of the syscall table: where it is found, what the kernel
// program collects, and how its parameters are built in the capture format.
type Call struct {
	Name    string
	NR      Numbers
	Event   uint16 // event number in the capture format
	Code    uint16 // of a call without a layout of its own: its number in the capture format
	Fetch   []Fetch
	Object  Object
	Params  []Param
	Lineage bool // process state depends on it: always on, may use the whole ring
	Caps    bool // capabilities come with it: they may have changed, or rules ask for them
	// Failures: only calls that fail make a record; the others have one elsewhere.
	Failures bool
}

// Numbers are a call's numbers: amd64, i386 and arm64; -1 where an architecture
// does not have it.
type Numbers struct{ AMD64, I386, ARM64 int16 }

// Fetch is something that the program copies out of the caller's memory.
type Fetch struct {
	Kind FetchKind
	Arg  uint8 // argument that points to it
	Aux  uint8 // by kind
}

// FetchKind tells what is behind a pointer.
type FetchKind uint8

// The kinds of fetches.
const (
	FetchNone    FetchKind = iota
	FetchText              // NUL-terminated text
	FetchPath              // path relative to the directory descriptor in argument Aux, or to the working directory if Aux is NoArg
	FetchAddr              // sockaddr, argument Aux is its length
	FetchData              // bytes, argument Aux is how many, or the result if Aux is NoArg
	FetchBlob              // a struct of Aux bytes
	FetchIovec             // buffers, argument Aux is how many
	FetchMsg               // struct msghdr: the address becomes SecAddr, the data the section
	FetchAddrOut           // sockaddr that the kernel wrote, argument Aux points to its length
	FetchArgv              // array of pointers to text
)

// NoArg stands for an argument that a fetch does not have.
const NoArg = 15

// Object is the file or socket that a call is about.
type Object struct {
	Kind ObjectKind
	Arg  uint8
}

// ObjectKind tells where a call has its object.
type ObjectKind uint8

// The kinds of objects.
const (
	ObjectNone ObjectKind = iota
	ObjectRet             // the descriptor that it returned
	ObjectArg             // the descriptor in an argument
	ObjectCwd             // the working directory after the call
)

// Param is how one parameter of the capture format is made from a record.
type Param struct {
	Op  Op
	Arg uint8
}

// MaxFetch bounds the fetches of a row.
const MaxFetch = 4
