// Package rulesfmt lays out rules files in one way: items apart by one blank
// line, keys in a fixed order, conditions broken at their operators. Comments
// stay with what they stand at, and what the file means does not change.
package rulesfmt

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"
)

// width is how long a line may become, where it can be broken.
const width = 100

// minWidth is left for text however deep it is nested.
const minWidth = 20

// passes is how often a file is laid out until it stays as it is. The YAML
// library may give a comment of odd placement to another node when it reads
// what was printed, so that the second layout differs from the first.
const passes = 4

// Format lays out a rules file, so that another Format changes nothing. It fails
// where the text is not a rules file, and rather than to lose a comment or to
// change a value.
func Format(source []byte) ([]byte, error) {
	last := source
	for range passes {
		next, err := layout(last)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(next, last) {
			return next, nil
		}
		last = next
	}
	return nil, errors.New("a comment has no place that stays the same; move it to a line of its own, in front of what it is about")
}

// layout lays out a file once.
func layout(source []byte) ([]byte, error) {
	documents, err := decode(source)
	if err != nil {
		return nil, err
	}
	p := &printer{}
	for i, document := range documents {
		if i > 0 {
			p.line("---")
		}
		p.document(document)
	}
	if err := sameMeaning(source, p.out.Bytes()); err != nil {
		return nil, err
	}
	return p.out.Bytes(), nil
}

// decode reads the documents of a file; each must be a list of items.
func decode(source []byte) ([]*yaml.Node, error) {
	var documents []*yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		if err := checkDocument(&document); err != nil {
			return nil, err
		}
		documents = append(documents, &document)
	}
}

func checkDocument(document *yaml.Node) error {
	if len(document.Content) != 1 || document.Content[0].Kind != yaml.SequenceNode {
		return fmt.Errorf("line %d: a rules file is a list of items", document.Line)
	}
	for _, item := range document.Content[0].Content {
		if item.Kind != yaml.MappingNode || len(item.Content) == 0 {
			return fmt.Errorf("line %d: an item of a rules file is a mapping", item.Line)
		}
	}
	return findAlias(document)
}

// findAlias refuses anchors and aliases: moving keys may put the use before
// the definition.
func findAlias(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return fmt.Errorf("line %d: files with anchors are not formatted", n.Line)
	}
	for _, child := range n.Content {
		if err := findAlias(child); err != nil {
			return err
		}
	}
	return nil
}
