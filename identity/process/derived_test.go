package process

import "testing"

func TestDerivedText(t *testing.T) {
	th := NewThread(1)
	th.SetComm("sh")
	th.SetExe("/bin/sh")
	if th.Cmdline() != "sh" || th.Exeline() != "/bin/sh" || th.Arguments() != "" || th.Environ() != "" {
		t.Errorf("without arguments: %q %q %q %q", th.Cmdline(), th.Exeline(), th.Arguments(), th.Environ())
	}
	th.SetArgs("-c\x00\x00echo hi\x00")
	th.SetEnv("HOME=/root\x00HOMES= two \x00")
	if th.Cmdline() != "sh -c  echo hi" || th.Exeline() != "/bin/sh -c  echo hi" || th.Arguments() != "-c  echo hi" {
		t.Errorf("with arguments: %q %q %q", th.Cmdline(), th.Exeline(), th.Arguments())
	}
	if th.Environ() != "HOME=/root HOMES= two " {
		t.Errorf("environment %q", th.Environ())
	}
	if v, ok := th.Getenv("HOMES"); !ok || v != "two" {
		t.Errorf("HOMES is %q", v)
	}
	if _, ok := th.Getenv("HOM"); ok {
		t.Error("a part of a name was found")
	}
	th.SetComm("bash")
	if th.Cmdline() != "bash -c  echo hi" {
		t.Errorf("after a change: %q", th.Cmdline())
	}
	if n := testing.AllocsPerRun(100, func() { th.Cmdline(); th.Arguments(); th.Environ() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestLetter(t *testing.T) {
	for i := range fdTypes {
		typ := FDType(i)
		if typ.Letter() != string(typ.Char()) {
			t.Errorf("%s: %q and %q", typ, typ.Letter(), typ.Char())
		}
	}
	if FDType(200).String() != unknownName || L4Proto(200).String() != unknownName || L4Proto(200).Char() != 0 {
		t.Error("numbers beyond the tables")
	}
}
