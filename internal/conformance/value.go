package conformance

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// errUnresolved is a value that the case names without saying what it is.
var errUnresolved = errors.New("the case does not say what its value is")

// readJSON reads JSON with its numbers as they are written.
func readJSON(raw json.RawMessage) (any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// number is the value of a number, a constant, or flags.
func (c constants) number(v any) (int64, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		n, err := strconv.ParseUint(v.String(), 10, 64)
		return int64(n), err
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case map[string]any:
		if name, ok := v["const"].(string); ok {
			return c.lookup(name)
		}
		if list, ok := v["flags"].([]any); ok {
			return c.flags(list)
		}
	}
	return 0, fmt.Errorf("%v is no number: %w", v, errUnresolved)
}

func (c constants) flags(list []any) (int64, error) {
	var sum int64
	for _, item := range list {
		if name, ok := item.(string); ok {
			item = map[string]any{"const": name}
		}
		n, err := c.number(item)
		if err != nil {
			return 0, err
		}
		sum |= n
	}
	return sum, nil
}

// longPath stands for an expression of the tests: a path too long to be kept.
var longPath = strings.Repeat("/"+strings.Repeat("A", 100), 20)

// text is the value of a string, or of bytes.
func (c constants) text(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []any:
		return c.joined(v)
	case map[string]any:
		if v["expr"] == "long_path_ss.str()" {
			return longPath, nil
		}
		b, err := c.bytes(v)
		return string(b), err
	}
	return "", fmt.Errorf("%v is no text: %w", v, errUnresolved)
}

// joined is a list of texts, or of byte values, as one text.
func (c constants) joined(list []any) (string, error) {
	var b strings.Builder
	for _, item := range list {
		if n, ok := item.(json.Number); ok {
			value, err := n.Int64()
			if err != nil {
				return "", err
			}
			b.WriteByte(byte(value))
			continue
		}
		text, err := c.text(item)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// bytes is the value of one of the forms that stand for raw bytes.
func (c constants) bytes(v any) ([]byte, error) {
	form, ok := v.(map[string]any)
	if !ok {
		text, err := c.text(v)
		return []byte(text), err
	}
	for name, arg := range form {
		switch name {
		case "buffer", "bytes", "buf":
			return c.bytes(arg)
		case "hex":
			text, _ := arg.(string)
			return hex.DecodeString(text)
		case "nul_joined":
			return c.list(arg)
		case "pack_sockaddr", "pack_socktuple", "pack_unix_socktuple":
			args, _ := arg.([]any)
			return c.address(name, args)
		}
	}
	return nil, fmt.Errorf("%v: %w", v, errUnresolved)
}

// list is items with a NUL behind each.
func (c constants) list(v any) ([]byte, error) {
	items, _ := v.([]any)
	var texts []string
	for _, item := range items {
		text, err := c.text(item)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return inject.List(texts...), nil
}

// address encodes a socket's address or ends.
func (c constants) address(form string, args []any) ([]byte, error) {
	switch {
	case form == "pack_unix_socktuple" && len(args) == 3:
		src, err1 := c.number(args[0])
		dst, err2 := c.number(args[1])
		path, err3 := c.text(args[2])
		return inject.UnixTuple(uint64(src), uint64(dst), path), errors.Join(err1, err2, err3)
	case form == "pack_socktuple" && len(args) == 2:
		src, err1 := c.end(args[0])
		dst, err2 := c.end(args[1])
		return inject.Tuple(src, dst), errors.Join(err1, err2)
	case form == "pack_sockaddr" && len(args) == 1:
		if fill, ok := args[0].(map[string]any); ok && fill["fill_sockaddr_un"] != nil {
			path, err := c.text(fill["fill_sockaddr_un"])
			return inject.UnixAddr(path), err
		}
		end, err := c.end(args[0])
		return inject.Addr(end), err
	}
	return nil, fmt.Errorf("%s of %v: %w", form, args, errUnresolved)
}

// end is an address and port, given as a list of port and address.
func (c constants) end(v any) (netip.AddrPort, error) {
	form, _ := v.(map[string]any)
	args, ok := form["fill_sockaddr_in"].([]any)
	if !ok {
		args, _ = form["fill_sockaddr_in6"].([]any)
	}
	if len(args) != 2 {
		return netip.AddrPort{}, fmt.Errorf("%v: %w", v, errUnresolved)
	}
	port, err1 := c.number(args[0])
	text, err2 := c.text(args[1])
	addr, err3 := netip.ParseAddr(text)
	return netip.AddrPortFrom(addr, uint16(port)), errors.Join(err1, err2, err3)
}

// param encodes a parameter.
func (c constants) param(p *syscall.ParamInfo, v any) ([]byte, error) {
	switch p.Type {
	case field.Charbuf, field.FSPath, field.FSRelPath:
		if v == nil {
			return nil, nil
		}
		text, err := c.text(v)
		return inject.Text(text), err
	case field.Bytebuf, field.SockAddr, field.SockTuple, field.FDList, field.CharbufArray, field.CharbufPairArray, field.Dyn:
		return c.bytes(v)
	}
	n, err := c.number(v)
	if err != nil {
		return nil, err
	}
	return inject.Number(p.Type, uint64(n))
}
