package operator

import (
	"errors"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// planGetopt checks getopt(list, "ab:") and getopt(list, "ab:")[b].
func planGetopt(args []Operand, index string, hasIndex bool) (Combine, Operand, error) {
	switch {
	case len(args) != 2:
		return nil, Operand{}, errors.New("transformer 'getopt' takes a list and the option letters: getopt((a, b), \"ab:\")")
	case !args[0].List || ClassOf(args[0].Type) != Text:
		return nil, Operand{}, errors.New("transformer 'getopt' takes a list of strings as first argument")
	case args[1].List || ClassOf(args[1].Type) != Text:
		return nil, Operand{}, errors.New("transformer 'getopt' takes the option letters as a string")
	case hasIndex && len(index) != 1:
		return nil, Operand{}, errors.New("the index of transformer 'getopt' is one option letter")
	case hasIndex:
		return optionArgument(index[0]), Operand{Type: field.Charbuf}, nil
	}
	return options, Operand{Type: field.Charbuf, List: true}, nil
}

// option is one option that a command line holds.
type option struct {
	letter string
	value  string
	kind   optionKind
}

type optionKind uint8

const (
	plainOption   optionKind = iota // takes no argument
	valueOption                     // has its argument
	lackingOption                   // lacks it; only the last option can
	unknownOption                   // is not among the letters
)

// optionReader walks a command line the way getopt(3) does under POSIX rules:
// it ends at the first word that is no option, or after --. Long options are
// passed over, so that they are not taken for clusters of short ones.
type optionReader struct {
	words   []event.Value
	letters string
	word    string // rest of the current word
}

// next is the next option; ok is false at the end.
func (r *optionReader) next() (o option, ok bool) {
	if r.word == "" && !r.nextWord() {
		return option{}, false
	}
	o.letter, r.word = r.word[:1], r.word[1:]
	at := strings.IndexByte(r.letters, o.letter[0])
	switch {
	case at < 0 || o.letter == ":":
		o.kind = unknownOption
	case !strings.HasPrefix(r.letters[at+1:], ":"):
		o.kind = plainOption
	case r.word != "":
		o.kind, o.value, r.word = valueOption, r.word, ""
	case len(r.words) > 0:
		o.kind, o.value, r.words = valueOption, r.words[0].Str(), r.words[1:]
	default:
		o.kind = lackingOption
	}
	return o, true
}

// nextWord takes the next word that holds options.
func (r *optionReader) nextWord() bool {
	for len(r.words) > 0 {
		word := r.words[0].Str()
		if len(word) < 2 || word[0] != '-' || word == "--" {
			return false
		}
		r.words = r.words[1:]
		if word[1] != '-' {
			r.word = word[1:]
			return true
		}
	}
	return false
}

// options lists letters and arguments in order, ? for an unknown option, and an
// empty text for one that lacks its argument.
func options(s *event.Scratch, args []event.Value) event.Value {
	n := 0
	r := optionReader{words: args[0].List(), letters: args[1].Str()}
	for o, ok := r.next(); ok; o, ok = r.next() {
		n++
		if o.kind == valueOption {
			n++
		}
	}
	list := s.List(n)[:0]
	r = optionReader{words: args[0].List(), letters: args[1].Str()}
	for o, ok := r.next(); ok; o, ok = r.next() {
		switch o.kind {
		case plainOption:
			list = append(list, event.Text(o.letter))
		case valueOption:
			list = append(list, event.Text(o.letter), event.Text(o.value))
		case lackingOption:
			list = append(list, event.Text(""))
		case unknownOption:
			list = append(list, event.Text("?"))
		}
	}
	return event.ListOf(list)
}

// optionArgument is what the option's last occurrence has: its argument, empty
// if that lacks, or the letter if it takes none. It is missing where the option
// does not occur.
func optionArgument(letter byte) Combine {
	return func(_ *event.Scratch, args []event.Value) (last event.Value) {
		r := optionReader{words: args[0].List(), letters: args[1].Str()}
		for o, ok := r.next(); ok; o, ok = r.next() {
			switch {
			case o.letter[0] != letter || o.kind == unknownOption:
			case o.kind == plainOption:
				last = event.Text(o.letter)
			default:
				last = event.Text(o.value)
			}
		}
		return last
	}
}
