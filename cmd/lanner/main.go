// Command lanner is the tool of rule authors: it checks, tests, formats and
// explains rules, and says what they can be made of.
package main

import (
	"errors"
	"fmt"
	"os"
)

// errReported ends the program with an exit status of failure; what is wrong
// has been said.
var errReported = errors.New("reported")

func main() {
	if err := newRoot().Execute(); err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(os.Stderr, "lanner:", err)
		}
		os.Exit(1)
	}
}
