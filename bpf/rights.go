package bpf

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// rights are the capabilities that capture needs, and what stands for each.
var rights = []struct {
	name string
	bits uint64 // any of them will do
}{
	{"CAP_BPF", 1<<39 | 1<<capSysAdmin},
	{"CAP_PERFMON", 1<<38 | 1<<capSysAdmin},
	{"CAP_SYS_PTRACE", 1 << 19}, // /proc/PID/exe and /proc/PID/root of others
}

const capSysAdmin = 21

// CheckRights tells which capabilities this process lacks for capture and for
// what is read about processes in /proc. What it cannot find out is no error:
// the kernel has the last word.
func CheckRights() error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil
	}
	lacking := lack(status)
	if len(lacking) == 0 {
		return nil
	}
	names := strings.Join(lacking, ", ")
	return &UnsupportedError{
		Feature: "missing rights",
		Remedy:  "run as root, or add what is missing: " + names,
		Err:     fmt.Errorf("this process lacks %s", names),
	}
}

// lack are the capabilities that a process lacks, by its status in /proc.
func lack(status []byte) []string {
	_, rest, found := bytes.Cut(status, []byte("\nCapEff:\t"))
	if !found {
		return nil
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	have, err := strconv.ParseUint(string(line), 16, 64)
	if err != nil {
		return nil
	}
	var lacking []string
	for _, right := range rights {
		if have&right.bits == 0 {
			lacking = append(lacking, right.name)
		}
	}
	return lacking
}
