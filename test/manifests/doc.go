// Package manifests tests what deploy/ ships for Kubernetes against Kubernetes'
// own types. It is a module of its own: its dependencies are the tests' alone.
package manifests
