#!/bin/sh
# need.sh COMMAND:PACKAGE...: fail where a command is not installed, and say
# which Debian packages have the missing ones.
set -eu
missing=
for pair; do
	command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done
[ -z "$missing" ] || {
	echo "missing programs; on Debian: apt-get install$missing" >&2
	exit 1
}
