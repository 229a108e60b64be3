package syscall

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

// atFDCWD stands in a directory parameter for the working directory.
const atFDCWD = -100

// Paths that are too long are not shown but marked.
const (
	maxPath  = process.MaxPath
	longPath = process.LongPath
)

// appendFullPath appends the full form of a path parameter unless it is the
// path itself.
func (e *Event) appendFullPath(b []byte, i int, p *ParamInfo, path string) []byte {
	if e.Thread == nil || path == "" || path == NA || path[0] == '/' {
		return b
	}
	dir, ok := e.baseDir(i, p)
	if !ok {
		return b
	}
	return appendPath(b, dir, path)
}

// baseDir is the directory that a relative path, the i-th parameter p, starts
// from: the one that the kernel told, the one that its directory parameter
// names, or the working directory. It is false where that is not known.
func (e *Event) baseDir(i int, p *ParamInfo) (string, bool) {
	for _, d := range e.dirs[:e.ndirs] {
		if d.param == i {
			return d.name, true
		}
	}
	if p.Type == field.FSRelPath && p.DirFD > 0 {
		at := int(p.DirFD) - 1
		if dirfd := e.Int(at); e.HasParam(at) && dirfd != atFDCWD {
			fd := e.Descriptor(dirfd)
			if fd == nil {
				return unknownDir, false
			}
			return fd.Name, true
		}
	}
	if e.Thread == nil {
		return unknownDir, false
	}
	return e.Thread.Cwd(), true
}

// unknownDir stands for a directory that is not known.
const unknownDir = "<UNKNOWN>"

// appendPath appends path, seen from dir, without . and .. in it.
func appendPath(b []byte, dir, path string) []byte {
	if len(dir)+len(path) >= maxPath {
		return append(b, longPath...)
	}
	var room [maxPath + 1]byte
	if dir != "" && dir[len(dir)-1] != '/' {
		dir = alias(append(append(room[:0], dir...), '/'))
	}
	return process.AppendPath(b, dir, path)
}
