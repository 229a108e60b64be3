package diag

import (
	"iter"
	"strings"
)

// Suggest finds the candidate that name was probably meant to be, or "" where
// none is near: at most a third of the name's letters may differ.
func Suggest(name string, candidates iter.Seq[string]) string {
	limit := max(1, len(name)/3)
	best, bestDistance := "", limit+1
	for c := range candidates {
		if d := len(c) - len(name); d > limit || d < -limit || c == name {
			continue
		}
		d := distance(strings.ToLower(name), strings.ToLower(c), bestDistance)
		if d < bestDistance || d == bestDistance && best != "" && c < best {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete, change or swap with
// their neighbour to make b from a; more than limit is reported as limit+1.
func distance(a, b string, limit int) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
