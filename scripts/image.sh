#!/bin/sh
# image.sh NAME ARCH=PROGRAM…: build the container image NAME of programs that
# are built already, with podman (or what BUILDER names), without a daemon and
# without a network:
#
#   scripts/image.sh otelcol-lanner:0.1.0 amd64=bin/otelcol-lanner
#
# Several architectures become one manifest list, which `podman manifest push
# --all` sends to a registry.
set -eu
[ $# -ge 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
name=$1; shift
builder=${BUILDER:-podman}
here=$(cd "$(dirname "$0")/.." && pwd)
roots=${CA_CERTIFICATES:-/etc/ssl/certs/ca-certificates.crt}
[ -r "$roots" ] || { echo "image.sh: no certificates at $roots: install ca-certificates, or name a file in CA_CERTIFICATES" >&2; exit 1; }

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp "$roots" "$context/ca-certificates.crt"
cp "$here/deploy/docker/config.yaml" "$context/"
chmod 0644 "$context"/*
platforms=
for pair in "$@"; do
	cp "${pair#*=}" "$context/otelcol-lanner-${pair%%=*}"
	chmod 0755 "$context/otelcol-lanner-${pair%%=*}"
	platforms=$platforms${platforms:+,}linux/${pair%%=*}
done
kind=--tag
[ $# = 1 ] || kind=--manifest
# $builder may be several words, as "podman --root DIR".
# shellcheck disable=SC2086
$builder build --pull=never --platform "$platforms" "$kind" "$name" --file "$here/deploy/docker/Dockerfile" "$context"
