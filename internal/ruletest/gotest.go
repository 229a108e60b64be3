package ruletest

import "path/filepath"

// tester is what Run needs of *testing.T, so that tools which link this package
// do not link package testing.
type tester[T any] interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Run(name string, f func(T)) bool
}

// Run runs the scripts that match a glob pattern, each as a subtest. A pattern
// without a file is an error: a test that tests nothing should not pass.
func Run[T tester[T]](t T, pattern string, opts Options) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no script matches %s", pattern)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t T) {
			t.Helper()
			result, err := File(file, opts)
			if err != nil {
				t.Fatalf("%v", err)
			}
			for _, f := range result.Failures {
				t.Errorf("%v", f)
			}
		})
	}
}
