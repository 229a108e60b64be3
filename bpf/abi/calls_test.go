package abi

import "testing"

// A number leads to one row, and every row fits what the programs hold.
func TestCalls(t *testing.T) {
	if len(Calls) > CallLimit {
		t.Fatalf("%d rows, the programs hold %d", len(Calls), CallLimit)
	}
	for name, number := range map[string]func(Numbers) int16{
		"amd64": func(n Numbers) int16 { return n.AMD64 },
		"i386":  func(n Numbers) int16 { return n.I386 },
		"arm64": func(n Numbers) int16 { return n.ARM64 },
	} {
		rows := map[int16]string{}
		for _, c := range Calls {
			nr := number(c.NR)
			if nr < 0 {
				continue
			}
			if nr >= MaxNR {
				t.Errorf("%s: %s is %d, the programs know numbers below %d", name, c.Name, nr, MaxNR)
			}
			if other, twice := rows[nr]; twice {
				t.Errorf("%s: %d is both %s and %s", name, nr, other, c.Name)
			}
			rows[nr] = c.Name
		}
	}
}

func TestCallFetches(t *testing.T) {
	for _, c := range Calls {
		if len(c.Fetch) > MaxFetch {
			t.Errorf("%s: %d fetches", c.Name, len(c.Fetch))
		}
		for _, p := range c.Params {
			if (p.Op == OpText || p.Op == OpBytes) && int(p.Arg) >= len(c.Fetch) {
				t.Errorf("%s: no fetch %d", c.Name, p.Arg)
			}
		}
	}
}

func TestNamesAreRows(t *testing.T) {
	for _, name := range socketCalls {
		if _, ok := Find(name); !ok && name != "" {
			t.Errorf("socketcall: no row %s", name)
		}
	}
	for op, name := range uringCalls {
		if _, ok := Find(name); !ok {
			t.Errorf("io_uring operation %d: no row %s", op, name)
		}
	}
	if _, ok := Find("no such call"); ok {
		t.Error("found what is not there")
	}
}
