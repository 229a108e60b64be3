//go:build !amd64

package bpf_test

func legacyCalls(func(string) string) []callTest { return nil }
