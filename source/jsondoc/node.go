package jsondoc

import "iter"

// Node is a value in a Document, valid until its next Parse. The zero Node
// stands for a value that is not there; everything may be asked of it.
type Node struct {
	doc *Document
	at  uint32
}

// Exists tells whether the value is there.
func (n Node) Exists() bool { return n.doc != nil }

func (n Node) entry() *entry { return &n.doc.tape[n.at] }

// Kind is what the value is.
func (n Node) Kind() Kind {
	if n.doc == nil {
		return None
	}
	return n.entry().kind
}

// Raw is the value's text as it stands in the document.
func (n Node) Raw() string {
	if n.doc == nil {
		return ""
	}
	e := n.entry()
	return n.doc.text[e.start:e.end]
}

// Offset is where the value begins in the document, in bytes.
func (n Node) Offset() int {
	if n.doc == nil {
		return 0
	}
	return int(n.entry().start)
}

// Get is the member of an object; where a name stands twice, the first.
func (n Node) Get(name string) Node {
	if n.Kind() != Object {
		return Node{}
	}
	tape := n.doc.tape
	for at, end := n.at+1, tape[n.at].next; at < end; at = tape[at+1].next {
		if n.doc.named(&tape[at], name) {
			return Node{n.doc, at + 1}
		}
	}
	return Node{}
}

// Path is Get, name after name.
func (n Node) Path(names ...string) Node {
	for _, name := range names {
		n = n.Get(name)
	}
	return n
}

// Item is the i-th item of an array, from 0.
func (n Node) Item(i int) Node {
	if n.Kind() != Array || i < 0 {
		return Node{}
	}
	tape := n.doc.tape
	for at, end := n.at+1, tape[n.at].next; at < end; at = tape[at].next {
		if i == 0 {
			return Node{n.doc, at}
		}
		i--
	}
	return Node{}
}

// Items goes through the items of an array.
func (n Node) Items() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.Kind() != Array {
			return
		}
		tape := n.doc.tape
		for at, end := n.at+1, tape[n.at].next; at < end; at = tape[at].next {
			if !yield(Node{n.doc, at}) {
				return
			}
		}
	}
}

// Members goes through the names and values of an object.
func (n Node) Members() iter.Seq2[Node, Node] {
	return func(yield func(name, value Node) bool) {
		if n.Kind() != Object {
			return
		}
		tape := n.doc.tape
		for at, end := n.at+1, tape[n.at].next; at < end; at = tape[at+1].next {
			if !yield(Node{n.doc, at}, Node{n.doc, at + 1}) {
				return
			}
		}
	}
}

// Len counts the items of an array or the members of an object.
func (n Node) Len() int {
	count := 0
	switch n.Kind() {
	case Array:
		for range n.Items() {
			count++
		}
	case Object:
		for range n.Members() {
			count++
		}
	}
	return count
}
