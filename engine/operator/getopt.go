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

// option is one option that a command line holds. An unknown one has the
// letter ?.
type option struct {
	text     string // the letter
	argument string
	hasArg   bool
}

// optionReader walks a command line the way getopt(3) does under POSIX rules:
// it ends at the first word that is no option, or after --.
type optionReader struct {
	words   []event.Value
	letters string
	word    string // rest of the current word
}

// next is the next option; ok is false at the end, and at an option that lacks
// its argument.
func (r *optionReader) next() (o option, ok bool) {
	if r.word == "" && !r.nextWord() {
		return option{}, false
	}
	letter := r.word[:1]
	r.word = r.word[1:]
	at := strings.IndexByte(r.letters, letter[0])
	if at < 0 || letter == ":" {
		return option{text: "?"}, true
	}
	if !strings.HasPrefix(r.letters[at+1:], ":") {
		return option{text: letter}, true
	}
	if r.word != "" {
		o = option{text: letter, argument: r.word, hasArg: true}
		r.word = ""
		return o, true
	}
	if len(r.words) == 0 {
		return option{text: letter}, false
	}
	o = option{text: letter, argument: r.words[0].Str(), hasArg: true}
	r.words = r.words[1:]
	return o, true
}

// nextWord takes the next word that holds options.
func (r *optionReader) nextWord() bool {
	if len(r.words) == 0 {
		return false
	}
	word := r.words[0].Str()
	if len(word) < 2 || word[0] != '-' || word[1] == '-' {
		return false
	}
	r.words = r.words[1:]
	r.word = word[1:]
	return true
}

// options lists letters and arguments in order.
func options(s *event.Scratch, args []event.Value) event.Value {
	n := 0
	r := optionReader{words: args[0].List(), letters: args[1].Str()}
	for o, ok := r.next(); ok; o, ok = r.next() {
		n++
		if o.hasArg {
			n++
		}
	}
	if n == 0 {
		return event.Value{}
	}
	list := s.List(n)[:0]
	r = optionReader{words: args[0].List(), letters: args[1].Str()}
	for o, ok := r.next(); ok; o, ok = r.next() {
		list = append(list, event.Text(o.text))
		if o.hasArg {
			list = append(list, event.Text(o.argument))
		}
	}
	return event.ListOf(list)
}

// optionArgument is the argument of an option's last occurrence, empty where it
// has none; missing where the option does not occur.
func optionArgument(letter byte) Combine {
	return func(_ *event.Scratch, args []event.Value) event.Value {
		var last event.Value
		r := optionReader{words: args[0].List(), letters: args[1].Str()}
		for {
			o, ok := r.next()
			if o.text != "" && o.text[0] == letter {
				last = event.Text(o.argument)
			}
			if !ok {
				return last
			}
		}
	}
}
