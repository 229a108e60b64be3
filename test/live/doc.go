// Package live holds the tests that do real things on a real kernel and look at
// which rules fire: each rule of the default set, and of the stable set of the
// reference's rules where the corpus is given (CORPUS=dir).
//
// They need root, BPF and, for containers, runc and a static busybox; what they
// do is harmless to the machine they run on.
package live
