#!/bin/sh
# Install the Debian packages that building and testing need and that are not
# there yet: the BPF compiler, a C compiler that makes 32-bit programs too,
# container runtimes, and promtool.
set -eu
missing=
for package in \
	git make gcc libc6-dev gcc-multilib \
	clang-19 llvm-19 \
	runc containerd podman busybox-static prometheus; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $missing </dev/null
