package scap

import "encoding/binary"

// cursor reads the fields of a block's body. Reading past the end gives zeros
// and sets short.
type cursor struct {
	b     []byte
	short bool
}

// take is the next n bytes.
func (c *cursor) take(n int) []byte {
	if n > len(c.b) {
		c.short = true
		c.b = nil
		return nil
	}
	b := c.b[:n:n]
	c.b = c.b[n:]
	return b
}

func (c *cursor) u8() uint8 {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) u16() uint16 {
	if b := c.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) u32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) u64() uint64 {
	if b := c.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (c *cursor) i64() int64 { return int64(c.u64()) }

// text is a text with its length in front; the string is a copy.
func (c *cursor) text() string { return string(c.take(int(c.u16()))) }

// more tells whether another entry of a list can follow.
func (c *cursor) more() bool { return len(c.b) >= 4 && !c.short }
