#!/bin/sh
# fuzz.sh TIME: run each fuzz target of the module for TIME (as in 30s).
set -eu
time=$1
go=${GO:-go}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Go's fuzzer may end with this line when its time is over in the middle of an
# input: it is no finding. A finding comes
# with an input that was written to testdata.
over='context deadline exceeded'

fuzz() {
	"$go" test -run '^$' -fuzz "^$2\$" -fuzztime "$time" "./$1" >"$log" 2>&1 && return
	grep -q "$over" "$log" && ! grep -q 'Failing input written' "$log"
}

targets=$(git grep -o 'func Fuzz[A-Za-z0-9_]*' -- '*_test.go' | sort)
[ -n "$targets" ] || { echo 'fuzz: there is no fuzz target' && exit 1; }

echo "$targets" | while IFS=: read -r file func; do
	package=$(dirname "$file")
	target=${func#func }
	if fuzz "$package" "$target"; then
		echo "ok    $package $target: $(grep -o 'execs: [0-9]*' "$log" | tail -1)"
	else
		echo "FAIL  $package $target" && cat "$log" && exit 1
	fi
done
