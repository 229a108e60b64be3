package rulesfmt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/lannersec/lanner/engine/filter"
)

// sameMeaning compares what two texts of a rules file mean, and their comments.
func sameMeaning(before, after []byte) error {
	old, err := values(before)
	if err != nil {
		return err
	}
	now, err := values(after)
	if err != nil {
		return fmt.Errorf("the file cannot be formatted without breaking it: %w", err)
	}
	if !reflect.DeepEqual(old, now) {
		return errors.New("the file cannot be formatted without changing a value")
	}
	if lost := missingComment(before, after); lost != "" {
		return fmt.Errorf("the file cannot be formatted without losing a comment: %s", lost)
	}
	return nil
}

// values decodes all documents, with conditions in their canonical form.
func values(source []byte) ([]any, error) {
	var documents []any
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	for {
		var document any
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		canonicalConditions(document)
		documents = append(documents, document)
	}
}

func canonicalConditions(document any) {
	items, _ := document.([]any)
	for _, item := range items {
		fields, _ := item.(map[string]any)
		if text, ok := fields["condition"].(string); ok {
			fields["condition"] = canonical(text)
		}
	}
}

// canonical is what a condition means alone, and with something appended: an
// append joins texts, so that parentheses around everything count.
func canonical(text string) string {
	var meanings []string
	for _, tail := range []string{"", " and a", " or a"} {
		node, err := filter.Parse(text + tail)
		if err != nil {
			return collapse(text)
		}
		meanings = append(meanings, filter.Print(node))
	}
	return strings.Join(meanings, "\n")
}

// missingComment is a comment of before that after does not have.
func missingComment(before, after []byte) string {
	had, has := comments(before), comments(after)
	for _, comment := range had {
		i := slices.Index(has, comment)
		if i < 0 {
			return comment
		}
		has = slices.Delete(has, i, i+1)
	}
	return ""
}

// comments lists what follows a # at the beginning of a line or after a blank.
// Some of it may be text: that is in both files alike.
func comments(source []byte) []string {
	var found []string
	for line := range strings.SplitSeq(string(source), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			found = append(found, line)
		}
	}
	return found
}
