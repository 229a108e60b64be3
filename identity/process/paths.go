package process

import "strings"

const (
	// MaxPath is the length from which a path is not shown but marked.
	MaxPath = 1024
	// LongPath stands for a path that is too long.
	LongPath = "/DIR_TOO_LONG/FILENAME_TOO_LONG"
)

// AppendPath appends what a program means by path when it stands in dir, which
// is taken as it is and ends in a slash; an absolute path needs no dir. Empty,
// "." and ".." components are resolved, and no slash stays at the end. LongPath
// stands for what may become as long as MaxPath.
func AppendPath(b []byte, dir, path string) []byte {
	if len(dir)+len(path) >= MaxPath {
		return append(b, LongPath...)
	}
	base := len(b)
	if strings.HasPrefix(path, "/") {
		b = append(b, '/')
	} else {
		b = append(b, dir...)
	}
	joined := true // b takes the next component without a slash
	for path != "" {
		var part string
		part, path, _ = strings.Cut(path, "/")
		switch part {
		case "", ".":
			continue
		case "..":
			b = parentDir(b, base)
			joined = true
			continue
		}
		if !joined {
			b = append(b, '/')
		}
		b = append(b, part...)
		joined = false
	}
	if len(b) > base+1 && b[len(b)-1] == '/' {
		b = b[:len(b)-1]
	}
	return b
}

// parentDir drops the last component and keeps the slash before it; the root is
// its own parent.
func parentDir(b []byte, base int) []byte {
	end := len(b)
	if end > base && b[end-1] == '/' {
		end--
	}
	for end > base && b[end-1] != '/' {
		end--
	}
	if end == base && len(b) > base && b[base] == '/' {
		end++
	}
	return b[:end]
}

// Join is AppendPath as a string of its own.
func Join(dir, path string) string {
	return string(AppendPath(make([]byte, 0, len(dir)+len(path)+1), dir, path))
}
