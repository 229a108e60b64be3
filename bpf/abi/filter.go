package abi

// What the programs find out about a call before its record is sent: features
// have few values each, texts are in the record. Rules are turned into tables
// over them.
const (
	FeatResult  = iota // of the call, by the Result… values
	FeatAccess         // of a call that opens, by the Access… values
	FeatCreates        // of a call that opens: 1 if it may create the file
	FeatObject         // of the call's object, by the Object… values
	FilterFeatures

	// FeatUnknown is the value of what a call does not have.
	FeatUnknown = 7
)

// The values of FeatResult: small results have their own.
const (
	ResultFailed = iota
	Result0
	Result1
	Result2
	ResultMore
)

// The values of FeatAccess, as in open flags.
const (
	AccessRead = iota
	AccessWrite
	AccessBoth
	AccessNone
)

// The values of FeatObject.
const (
	ObjectIsFile = iota // anything that has a path and is not below
	ObjectIsDir
	ObjectIsFifo
	ObjectIsIPv4
	ObjectIsIPv6
	ObjectIsUnix
	ObjectIsOther
)

// The texts that filters test.
const (
	TextPath = iota // resolved path of the object
	TextRaw         // path as the call was given it
	FilterTexts
)

// Bounds of filters.
const (
	MaxFilters = 512  // two generations
	TrieText   = 125  // bytes of a text that the trie is asked for
	MaxNeedles = 16   // texts that one text is searched for
	MaxScan    = 256  // bytes of a text that are searched
	TrieBase   = 0x80 // added to the text's number: its last component
)

// Filter is what the programs ask of the calls of a row. Each bit of a mask
// stands for one situation in which rules may match; a call with no bit left is
// filtered.
type Filter struct {
	Allow   [FilterFeatures]FilterFeature
	Texts   [FilterTexts]FilterText
	Needles [FilterTexts]FilterNeedles
}

// FilterFeature has the mask for each value.
type FilterFeature struct{ Value [FeatUnknown + 1]uint64 }

// FilterText tells which situations test a text.
type FilterText struct {
	Free     uint64 // do not
	Indexed  uint64 // by the trie
	Bases    uint64 // by the trie, with the last component
	Searched uint64 // by the needles
	// The trie need not be asked about a text, or a last component, whose first
	// bytes hash to a bit that is not set.
	Gate, BaseGate [GateBits / 64]uint64
}

// GateBits is the size of a gate, and GateBytes how much of a text it sees.
const (
	GateBits  = 256
	GateBytes = 4
)

// GateFactor makes the hash: the upper byte of the product with the first bytes
// as a number of 32 bits.
const GateFactor = 0x9e3779b1

// FilterNeedles are what a text is searched for.
type FilterNeedles struct {
	First   uint64 // bit n: a needle begins with a byte whose low six bits are n
	Needles [MaxNeedles]FilterNeedle
}

// FilterNeedle is found where the next eight bytes, masked, are Value.
type FilterNeedle struct{ Value, Mask, Situations uint64 }

// TrieKey is what the trie is asked for.
type TrieKey struct {
	PrefixLen uint32 // bits
	Filter    uint16
	Text      uint8 // number of the text
	Name      [TrieText]byte
}

// TrieValue is the answer: situations for any text that begins so, and for those
// whose last component begins at DirLen.
type TrieValue struct {
	Any, Dir uint64
	DirLen   uint64
}
