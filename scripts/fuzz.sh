#!/bin/sh
# fuzz.sh TIME: run each fuzz target of the module for TIME (as in 30s).
set -eu
time=$1
go=${GO:-go}

git grep -ho 'func Fuzz[A-Za-z0-9_]*' -- '*_test.go' >/dev/null || {
	echo 'fuzz: there is no fuzz target'
	exit 1
}
git grep -o 'func Fuzz[A-Za-z0-9_]*' -- '*_test.go' | sort | while IFS=: read -r file func; do
	target=${func#func }
	echo "== $(dirname "$file") $target"
	"$go" test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "./$(dirname "$file")"
done
