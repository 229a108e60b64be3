package conformance

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/source/syscall"
)

// constantFile has the named constants of the cases.
const constantFile = "fields/constants.tsv"

// constants resolves the names of numbers.
type constants map[string]int64

// otherConstants are the names that the cases take from the system, and local
// names of the tests that they stem from.
var otherConstants = constants{
	"S_IFREG": 0o100000, "SOCK_STREAM": 1, "SOCK_DGRAM": 2, "SOCK_RAW": 3,
	"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "IPPROTO_TCP": 6, "IPPROTO_UDP": 17,
	"SCAP_L4_UNKNOWN": 0, "SCAP_L4_NA": 1, "SCAP_L4_TCP": 2, "SCAP_L4_UDP": 3,
	"return_value": 0, "p1_t2_tid": 30, "p2_t1_tid": 30, "fdinfo->m_fd": 4,
}

// constantsOf reads the constants of a corpus.
func constantsOf(c *Corpus) (constants, error) {
	text, err := c.ReadFile(constantFile)
	if err != nil {
		return nil, err
	}
	names := constants{}
	for line := range strings.Lines(string(text)) {
		name, number, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if n, err := strconv.ParseInt(number, 0, 64); ok && err == nil {
			names[name] = n
		}
	}
	for name, n := range otherConstants {
		names[name] = n
	}
	return names, nil
}

// lookup resolves a name, which may stand with its scope and a minus.
func (c constants) lookup(name string) (int64, error) {
	plain, negative := strings.CutPrefix(name, "-")
	if i := strings.LastIndex(plain, "::"); i >= 0 {
		plain = plain[i+2:]
	}
	n, ok := c[plain]
	if !ok {
		n, ok = syscall.ErrnoNumber(strings.TrimPrefix(plain, "SE_"))
	}
	if !ok {
		return 0, fmt.Errorf("constant %q is not known", name)
	}
	if negative {
		n = -n
	}
	return n, nil
}
