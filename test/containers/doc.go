// Package containers holds tests with real container runtimes: containerd with
// its CRI plugin, podman, and runc alone. Each starts what it needs with
// directories and sockets of its own, and images that the tests make.
package containers
