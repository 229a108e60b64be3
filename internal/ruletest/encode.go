package ruletest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// names resolves what a script calls by its own names.
type names interface {
	pid(handle string) (int64, bool)
	uid(name string) (uint32, bool)
	gid(name string) (uint32, bool)
}

// encodeParam makes a parameter's bytes in capture form from its text in a script.
func encodeParam(p *syscall.ParamInfo, text string, n names) ([]byte, error) {
	switch p.Type {
	case field.Charbuf, field.FSPath, field.FSRelPath:
		return inject.Text(text), nil
	case field.Bytebuf:
		return []byte(text), nil
	case field.CharbufArray, field.CharbufPairArray:
		words, err := splitShell(text)
		return inject.List(words...), err
	case field.SockAddr:
		return encodeAddr(text)
	case field.SockTuple:
		return encodeTuple(text)
	case field.Dyn:
		return encodeDyn(p, text, n)
	}
	v, err := parseNumber(p, text, n)
	if err != nil {
		return nil, err
	}
	return inject.Number(p.Type, v)
}

// encodeDyn takes the first form that the parameter can have.
func encodeDyn(p *syscall.ParamInfo, text string, n names) ([]byte, error) {
	if len(p.Dyn) == 0 {
		return nil, fmt.Errorf("%s has no form that a script can write", p.Name)
	}
	b, err := encodeParam(&p.Dyn[0], text, n)
	return append([]byte{0}, b...), err
}

// parseNumber reads a number, or names joined by |.
func parseNumber(p *syscall.ParamInfo, text string, n names) (uint64, error) {
	var sum uint64
	for word := range strings.SplitSeq(text, "|") {
		v, ok := numberOf(p, strings.TrimSpace(word), n)
		if !ok {
			return 0, fmt.Errorf("%s: %q is neither a number nor a name that %s takes", p.Name, word, p.Name)
		}
		sum |= v
	}
	return sum, nil
}

func numberOf(p *syscall.ParamInfo, word string, n names) (uint64, bool) {
	if i, err := strconv.ParseInt(word, 0, 64); err == nil {
		return uint64(i), true
	}
	if u, err := strconv.ParseUint(word, 0, 64); err == nil {
		return u, true
	}
	if p.Values != nil {
		for _, row := range p.Values.Rows {
			if row.Name == word {
				return row.Value, true
			}
		}
	}
	return symbolOf(p, word, n)
}

// socketTypes are the names that the type parameter of socket takes.
var socketTypes = map[string]uint64{"SOCK_STREAM": 1, "SOCK_DGRAM": 2, "SOCK_RAW": 3, "SOCK_SEQPACKET": 5}

// symbolOf is the number of a name that does not stand in the parameter's own table.
func symbolOf(p *syscall.ParamInfo, word string, n names) (uint64, bool) {
	if v, ok := socketTypes[word]; ok && p.Name == "type" {
		return v, true
	}
	if no, ok := syscall.ErrnoNumber(strings.TrimPrefix(word, "-")); ok {
		return uint64(-no), true
	}
	if word == "AT_FDCWD" {
		return ^uint64(99), true
	}
	if sig, ok := syscall.SignalNumber(word); ok && p.Type == field.SigType {
		return uint64(sig), true
	}
	if strings.HasSuffix(p.Name, "gid") {
		gid, ok := n.gid(word)
		return uint64(gid), ok
	}
	if strings.HasSuffix(p.Name, "uid") {
		uid, ok := n.uid(word)
		return uint64(uid), ok
	}
	pid, ok := n.pid(word)
	return uint64(pid), ok && (p.Type == field.PID || p.Type == field.PID32)
}

// isPath tells whether text is the address of a unix socket.
func isPath(text string) bool { return strings.HasPrefix(text, "/") || strings.HasPrefix(text, "@") }

// encodeAddr reads ip:port, [ip6]:port or a path.
func encodeAddr(text string) ([]byte, error) {
	if isPath(text) {
		return inject.UnixAddr(text), nil
	}
	end, err := netip.ParseAddrPort(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no address: want IP:PORT, [IP6]:PORT or a path", text)
	}
	return inject.Addr(end), nil
}

// encodeTuple reads FROM->TO, or a path.
func encodeTuple(text string) ([]byte, error) {
	if isPath(text) {
		return inject.UnixTuple(0, 0, text), nil
	}
	from, to, ok := strings.Cut(text, "->")
	src, err1 := netip.ParseAddrPort(from)
	dst, err2 := netip.ParseAddrPort(to)
	if !ok || err1 != nil || err2 != nil || src.Addr().Is4() != dst.Addr().Is4() {
		return nil, fmt.Errorf("%q is no connection: want IP:PORT->IP:PORT or a path", text)
	}
	return inject.Tuple(src, dst), nil
}

// splitShell splits words as a shell does: blanks separate, quotes hold together.
func splitShell(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	started, quote := false, byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == 0 && (c == ' ' || c == '\t'):
			if started {
				words = append(words, word.String())
				word.Reset()
				started = false
			}
		case quote == 0 && (c == '\'' || c == '"'):
			quote, started = c, true
		case quote != 0 && c == quote:
			quote = 0
		case c == '\\' && quote != '\'' && i+1 < len(text):
			i++
			word.WriteByte(text[i])
			started = true
		default:
			word.WriteByte(c)
			started = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("%q: a quote does not end", text)
	}
	if started {
		words = append(words, word.String())
	}
	return words, nil
}
