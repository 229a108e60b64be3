package syscall

import "github.com/lannersec/lanner/bpf/abi"

// FeatureNames are what the features and their values are called, for people.
var FeatureNames = [abi.FilterFeatures]struct {
	Name   string
	Values []string
}{
	abi.FeatResult: {"result", []string{
		abi.ResultFailed: "an error", abi.Result0: "0", abi.Result1: "1", abi.Result2: "2", abi.ResultMore: "more",
	}},
	abi.FeatAccess: {"opens to", []string{
		abi.AccessRead: "read", abi.AccessWrite: "write", abi.AccessBoth: "do both", abi.AccessNone: "do neither",
	}},
	abi.FeatCreates: {"creates", []string{"no", "yes"}},
	abi.FeatObject: {"object", []string{
		abi.ObjectIsFile: "a file", abi.ObjectIsDir: "a directory", abi.ObjectIsFifo: "a pipe", abi.ObjectIsIPv4: "an IPv4 socket",
		abi.ObjectIsIPv6: "an IPv6 socket", abi.ObjectIsUnix: "a unix socket", abi.ObjectIsOther: "another socket",
	}},
}

// TextNames are what the texts are called.
var TextNames = [abi.FilterTexts]string{abi.TextPath: "path", abi.TextRaw: "path as given"}
