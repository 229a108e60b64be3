package operator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// MaxConstant is the most bytes of a text constant.
const MaxConstant = 255

// ParseConstant reads a constant of type t as rules write it.
func ParseConstant(t field.Type, text string) (event.Value, error) {
	if t == field.Port {
		return parsePort(text)
	}
	row := rowOf(t)
	switch row.class {
	case Text:
		return parseText(text)
	case Buffer:
		return event.Bytes(text), checkLength(text)
	case Signed, Unsigned, Double:
		return parseNumber(row, text)
	case Bool:
		return parseBool(text)
	case Address:
		return parseAddress(text)
	case Network:
		return parseNetwork(text)
	}
	return event.Value{}, fmt.Errorf("no constant can be of type '%s'", row.name)
}

func parseText(text string) (event.Value, error) {
	if strings.IndexByte(text, 0) >= 0 {
		return event.Value{}, errors.New("a text has no NUL byte, so nothing would ever match this constant")
	}
	return event.Text(text), checkLength(text)
}

func checkLength(text string) error {
	if len(text) > MaxConstant {
		return fmt.Errorf("filter parameter too long: %d bytes, at most %d are allowed", len(text), MaxConstant)
	}
	return nil
}

func parseHex(text string) (event.Value, error) {
	raw, err := hex.DecodeString(text)
	if err != nil {
		return event.Value{}, fmt.Errorf("'%s' is not a sequence of hexadecimal byte values", text)
	}
	return event.Bytes(string(raw)), nil
}

func parseBool(text string) (event.Value, error) {
	switch text {
	case "true":
		return event.Bool(true), nil
	case "false":
		return event.Bool(false), nil
	}
	return event.Value{}, fmt.Errorf("unrecognized boolean value %s", text)
}

// parseNumber reads a whole number, decimal or 0x hexadecimal. A negative number
// for an unsigned type wraps at the type's width, as rules that compare lengths
// with error numbers rely on.
func parseNumber(row typeRow, text string) (event.Value, error) {
	digits, negative := strings.CutPrefix(text, "-")
	base := 10
	if rest, isHex := strings.CutPrefix(digits, "0x"); isHex {
		digits, base = rest, 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil || negative && n > 1<<63 {
		return event.Value{}, fmt.Errorf("%s is not a valid number", text)
	}
	if negative {
		n = -n
	}
	switch {
	case row.class == Double && negative:
		return event.Float(float64(int64(n))), nil
	case row.class == Double:
		return event.Float(float64(n)), nil
	case row.class == Unsigned && negative:
		return event.Uint(n & (1<<(row.bits-1)<<1 - 1)), nil
	case row.class == Unsigned || !negative && n > 1<<63-1:
		return event.Uint(n), nil
	}
	return event.Int(int64(n)), nil
}

// parsePort reads a port number, or a service name that the machine knows.
func parsePort(text string) (event.Value, error) {
	if text == "" {
		return event.Uint(0), nil
	}
	if n, err := strconv.ParseUint(text, 10, 16); err == nil {
		return event.Uint(n), nil
	}
	if text[0] >= '0' && text[0] <= '9' || text[0] == '-' {
		return event.Value{}, fmt.Errorf("%s is not a valid port number", text)
	}
	for _, network := range []string{"tcp", "udp"} {
		if port, err := net.LookupPort(network, text); err == nil {
			return event.Uint(uint64(port)), nil
		}
	}
	return event.Value{}, fmt.Errorf("unrecognized protocol %s", text)
}

func parseAddress(text string) (event.Value, error) {
	addr, err := netip.ParseAddr(text)
	isV4 := strings.Contains(text, ".") && !strings.Contains(text, ":")
	switch {
	case (err != nil || addr.Zone() != "") && isV4:
		return event.Value{}, fmt.Errorf("unrecognized IPv4 address %s", text)
	case err != nil || addr.Zone() != "":
		return event.Value{}, fmt.Errorf("unrecognized IPv6 address %s", text)
	}
	return event.IPBytes(string(addr.AsSlice())), nil
}

func parseNetwork(text string) (event.Value, error) {
	ip, bits, found := strings.Cut(text, "/")
	if !found {
		return event.Value{}, fmt.Errorf("unrecognized IP network %s", text)
	}
	addr, err := netip.ParseAddr(ip)
	if err != nil || addr.Zone() != "" {
		return event.Value{}, fmt.Errorf("unrecognized IP address %s", text)
	}
	n, err := strconv.ParseUint(bits, 10, 8)
	if err != nil || int(n) > addr.BitLen() {
		return event.Value{}, fmt.Errorf("invalid netmask %s", bits)
	}
	masked, _ := addr.Prefix(int(n))
	return event.NetBytes(string(masked.Addr().AsSlice()), int(n)), nil
}
