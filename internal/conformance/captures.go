package conformance

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/source/scap"
)

// captureStats has a line for each capture: what an independent reader found.
const captureStats = "captures/SCAP-STATS.jsonl"

// findCaptures makes a case of each line.
func findCaptures(corpus *Corpus) ([]Case, error) {
	cases, err := corpus.Cases(captureStats)
	for i := range cases {
		var line struct{ Path string }
		if err := cases[i].Decode(&line); err != nil {
			return nil, err
		}
		cases[i].ID = strings.TrimPrefix(line.Path, "captures/")
	}
	return cases, err
}

// captureStat is a line's part that is compared.
type captureStat struct {
	Path    string         `json:"path"`
	Size    int64          `json:"uncompressed_size"`
	Version []uint16       `json:"version"`
	Blocks  map[string]int `json:"blocks"`
	Events  map[string]int `json:"events"` // number, name and count of parameters
	Total   int            `json:"n_events"`
	Threads int            `json:"n_threads_in_events"`
	First   uint64         `json:"first_ts_ns"`
	Last    uint64         `json:"last_ts_ns"`
	Machine struct {
		CPUs     uint32 `json:"num_cpus"`
		Memory   uint64 `json:"memory_bytes"`
		MaxPID   uint64 `json:"max_pid"`
		Hostname string `json:"hostname"`
	} `json:"machine"`
}

// runCapture reads a capture to its last byte.
func runCapture(corpus *Corpus, c Case) error {
	var want captureStat
	if err := json.Unmarshal(c.Raw, &want); err != nil {
		return err
	}
	f, err := os.Open(corpus.Path(want.Path))
	if err != nil {
		return err
	}
	defer f.Close() // read only: nothing is lost
	inv, err := scap.TakeInventory(f)
	if err != nil {
		return err
	}
	want.Events = withoutNames(want.Events)
	got := captureStat{
		Path: want.Path, Size: inv.Size, Version: []uint16{inv.Major, inv.Minor}, Blocks: inv.Blocks,
		Events: map[string]int{}, Total: inv.Total(), Threads: inv.Threads, First: inv.First, Last: inv.Last,
	}
	got.Machine.CPUs, got.Machine.Memory = inv.Machine.CPUs, inv.Machine.Memory
	got.Machine.MaxPID, got.Machine.Hostname = inv.Machine.MaxPID, inv.Machine.Hostname
	for form, n := range inv.Events {
		got.Events[strconv.Itoa(int(form.Num))+"="+strconv.Itoa(form.Params)] += n
	}
	return compare(want.Path, want, got)
}

// withoutNames leaves the number and the count of parameters of each key: the
// names of encodings are the reference's.
func withoutNames(events map[string]int) map[string]int {
	short := map[string]int{}
	for text, n := range events {
		num, _, _ := strings.Cut(text, " ")
		short[num+text[strings.LastIndexByte(text, '='):]] += n
	}
	return short
}
