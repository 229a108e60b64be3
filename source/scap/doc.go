// Package scap reads capture files: the threads, descriptors, users and network
// interfaces of the machine at the start, and its events. Captures of all
// versions of the format become the events that are made today, and go through
// the same decoding and state as live ones.
package scap
