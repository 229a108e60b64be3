package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// recordOptions are the flags of record.
type recordOptions struct {
	file        string
	rules       []string
	duration    time.Duration
	maxMiB      int64
	environment bool
	force       bool
}

// defaultMaxMiB keeps a forgotten recording from filling the disk.
const defaultMaxMiB = 1024

func newRecord() *cobra.Command {
	o := &recordOptions{}
	cmd := &cobra.Command{
		Use:   "record -o FILE",
		Short: "Write this machine's events to a capture",
		Long: `record writes what the kernel tells of this machine's processes to a capture, which
replay and other tools of the format read. It ends on Ctrl-C, after --duration, or
when the capture has --max-size MiB.

With --rules it records the kinds of events that the rules ask for, and what is
needed to follow processes and their descriptors; without, all kinds.

A capture holds command lines and the beginning of what programs read and write.
The environments of programs are left out unless --environment asks for them.

It needs the rights that live capture needs: root, or CAP_BPF, CAP_PERFMON and
CAP_SYS_PTRACE.`,
		Example: `  lanner record -o incident.scap
  lanner record -o cron.scap --duration 1h --rules my_rules.yaml`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().StringVarP(&o.file, "output", "o", "", "file to write")
	cmd.Flags().StringSliceVarP(&o.rules, "rules", "r", nil, "rules files whose kinds of events are recorded")
	cmd.Flags().DurationVar(&o.duration, "duration", 0, "end after this time")
	cmd.Flags().Int64Var(&o.maxMiB, "max-size", defaultMaxMiB, "end at this size, in MiB")
	cmd.Flags().BoolVar(&o.environment, "environment", false, "keep the environments of programs")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over a file that exists")
	if err := cmd.MarkFlagRequired("output"); err != nil {
		panic(err) // the flag is defined above
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if o.maxMiB <= 0 || o.duration < 0 {
			return fmt.Errorf("--max-size and --duration must be positive")
		}
		return record(cmd, o)
	}
	return cmd
}
