//go:build !linux

package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func record(*cobra.Command, *recordOptions) error {
	return errors.New("record needs the Linux kernel; captures made there can be replayed here")
}
