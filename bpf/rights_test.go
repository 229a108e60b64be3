package bpf

import (
	"slices"
	"testing"
)

func TestLack(t *testing.T) {
	for status, want := range map[string][]string{
		"Name:\tx\nCapEff:\t000001ffffffffff\nCapBnd:\t0\n": nil,
		"Name:\tx\nCapEff:\t000000c000080000\n":             nil,
		"Name:\tx\nCapEff:\t0000000000280000\n":             nil, // CAP_SYS_ADMIN stands for two
		"Name:\tx\nCapEff:\t0000008000080000\n":             {"CAP_PERFMON"},
		"Name:\tx\nCapEff:\t0000004000080000\n":             {"CAP_BPF"},
		"Name:\tx\nCapEff:\t000000c000000000\n":             {"CAP_SYS_PTRACE"},
		"Name:\tx\nCapEff:\t0000000000000000\n":             {"CAP_BPF", "CAP_PERFMON", "CAP_SYS_PTRACE"},
		"Name:\tx\nCapEff:\tnonsense\n":                     nil,
		"Name:\tx\n":                                        nil,
		"":                                                  nil,
	} {
		if got := lack([]byte(status)); !slices.Equal(got, want) {
			t.Errorf("%q lacks %q, want %q", status, got, want)
		}
	}
}
