// Package scap reads capture files: the machine, processes, descriptors and
// users that a file begins with, and its events, which old files hold in older
// forms.
package scap
