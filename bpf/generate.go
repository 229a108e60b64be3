// Package bpf captures: it loads the kernel programs, attaches them one by one,
// reads the ring and counts what was lost. It is the only package that knows the
// BPF library.
package bpf

// The programs are built three times from the same source (c/helpers.h says why):
// direct for kernels from 6.2, probe from 5.17, early from 5.8. The objects are committed;
// CI builds them again and compares.
//
//go:generate go generate ./abi
//go:generate go tool bpf2go -cc clang-19 -strip llvm-strip-19 -target amd64,arm64 -no-global-types -go-package bpf direct c/capture.c -- -O2 -std=gnu11 -Wall -Werror -Wno-unused-function
//go:generate go tool bpf2go -cc clang-19 -strip llvm-strip-19 -target amd64,arm64 -no-global-types -go-package bpf probe c/capture.c -- -O2 -std=gnu11 -Wall -Werror -Wno-unused-function -DLANNER_PROBE
//go:generate go tool bpf2go -cc clang-19 -strip llvm-strip-19 -target amd64,arm64 -no-global-types -go-package bpf early c/capture.c -- -O2 -std=gnu11 -Wall -Werror -Wno-unused-function -DLANNER_PROBE -DLANNER_EARLY
