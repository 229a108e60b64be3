package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/event"
	live "github.com/lannersec/lanner/internal/record"
	"github.com/lannersec/lanner/source/scap"
	calls "github.com/lannersec/lanner/source/syscall"
)

// record records until something ends it, and says what was recorded.
func record(cmd *cobra.Command, o *recordOptions) error {
	opts := live.Options{Environment: o.environment, MaxBytes: o.maxMiB << 20}
	if len(o.rules) > 0 {
		e, err := (&replayOptions{}).engine(cmd, o.rules)
		if err != nil {
			return err
		}
		opts.Types = withState(e.Types(calls.SourceName))
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if o.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.duration)
		defer cancel()
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if o.force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(o.file, flags, 0o600) // it may hold secrets
	if err != nil {
		return err
	}
	sum, err := recordTo(ctx, file, opts)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	out := cmd.ErrOrStderr()
	fmt.Fprintf(out, "%s in %.1f MiB", plural(int(sum.Events), "event"), float64(sum.Bytes)/(1<<20))
	if sum.Full {
		fmt.Fprint(out, ", ended by --max-size")
	}
	fmt.Fprintln(out)
	if sum.Lost+sum.Skipped > 0 {
		fmt.Fprintf(out, "%d lost by the kernel, %d left out\n", sum.Lost, sum.Skipped)
	}
	return nil
}

func recordTo(ctx context.Context, file *os.File, opts live.Options) (live.Summary, error) {
	r, err := live.Open(opts)
	if err != nil {
		return live.Summary{}, err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	w, err := scap.NewWriter(out)
	if err != nil {
		return live.Summary{}, errors.Join(err, r.Close())
	}
	sum, err := r.Run(ctx, w)
	return sum, errors.Join(err, r.Close(), out.Flush())
}

// withState adds the event types that processes and descriptors are followed by.
func withState(types event.TypeSet) event.TypeSet {
	set := event.NewTypeSet(calls.Types().Len())
	for id := range calls.Types().Len() {
		if id := event.TypeID(id); types.Has(id) || calls.ChangesState(id) {
			set.Add(id)
		}
	}
	return set
}
