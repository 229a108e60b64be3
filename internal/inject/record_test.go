package inject

import (
	"net/netip"
	"testing"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/syscall"
)

func TestRecordDecodes(t *testing.T) {
	fd, err := Number(field.FD, 7)
	if err != nil {
		t.Fatal(err)
	}
	rec := Record{Time: 42, TID: 9, Type: syscall.EvConnectE, Params: [][]byte{
		fd, Addr(netip.MustParseAddrPort("[::1]:80")),
	}}
	b := rec.Append([]byte("before"))
	var e syscall.Event
	if err := e.Decode(b[len("before"):], syscall.FormCounted); err != nil {
		t.Fatal(err)
	}
	if e.Head.Time != 42 || e.TID != 9 || e.Int(0) != 7 || len(e.Param(1)) != 1+16+2 {
		t.Errorf("decoded as time %d, thread %d, fd %d, %d bytes of address", e.Head.Time, e.TID, e.Int(0), len(e.Param(1)))
	}
}

func TestNumberRefusesText(t *testing.T) {
	if _, err := Number(field.Charbuf, 1); err == nil {
		t.Error("a text parameter took a number")
	}
}
