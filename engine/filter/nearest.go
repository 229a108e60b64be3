package filter

// nearest finds the candidate that word was most likely meant to be: the one
// with the smallest edit distance, if that is at most a third of its length
// (and at least one edit is always allowed). Empty if there is none.
func nearest(word string, candidates []string) string {
	best, bestDistance := "", maxNearest+1
	if word == "" || len(word) > maxNearest {
		return ""
	}
	for _, candidate := range candidates {
		d := distance(word, candidate)
		if d <= max(1, len(candidate)/3) && d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// maxNearest bounds the work for a hostile word.
const maxNearest = 32

// distance counts the single-byte insertions, deletions and changes between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
