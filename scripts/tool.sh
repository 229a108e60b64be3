#!/bin/sh
# tool.sh FILE PACKAGE: install a Go program as FILE, whose name ends in
# @VERSION, so that another version in the Makefile is another file.
set -eu
file=$1 package=$2
version=${file##*@}
dir=$(dirname "$file")

echo "installing $package@$version"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# GOFLAGS of the caller are for the project, not for its tools.
GOFLAGS=-mod=mod GOBIN=$tmp "${GO:-go}" install "$package@$version"
mkdir -p "$dir"
mv "$tmp/$(basename "$package")" "$file"
