// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tcni.dev/internal/suggest"
	"tcni.dev/pkg/tc"
)

// unknownWord tells what is likely meant by the next word, which is none.
func (r *reader) unknownWord(w tc.Words) error {
	word := w.Next()
	if i := strings.IndexAny(word, "=:"); i > 0 && paramByWord(word[:i]) >= 0 {
		return fmt.Errorf("unknown word %q: write %q", word, strings.TrimSpace(word[:i]+" "+word[i+1:]))
	}
	switch {
	case word == wordsKey:
		return fmt.Errorf("unknown word %q: write only what stands behind it", word)
	case word == noImpairment:
		return fmt.Errorf("%q stands alone", word)
	case word == "off":
		return fmt.Errorf("unknown word %q: write %q", word, noImpairment)
	case word == "profile":
		return fmt.Errorf("unknown word %q: %s", word, r.askProfile(cmp.Or(w.Peek(), "NAME")))
	case profileByName(word) != nil:
		return fmt.Errorf("%q is a profile: %s", word, r.askProfile(word))
	}
	if err := keyForWord(word); err != nil {
		return err
	}
	return suggest.Unknown("word", word, paramWords())
}

// askProfile says how a profile is asked for where the reader is.
func (r *reader) askProfile(name string) string {
	switch source, _, _ := strings.Cut(r.source, " "); source {
	case "annotation":
		return fmt.Sprintf("write %sprofile: %s", annotationPrefix, name)
	case "CNI_ARGS":
		return "write TCNI_PROFILE=" + name
	case "":
		return fmt.Sprintf("give profile %s in the direction's place", name)
	}
	return fmt.Sprintf("write \"profile\": %q", name)
}

// keyForWord tells of a key of the object form that is no word where it stands in
// words; nil where word is none, case and a value after it aside.
func keyForWord(word string) error {
	name := word
	if i := strings.IndexAny(word, "=:"); i > 0 {
		name = word[:i]
	}
	place := ""
	i := slices.IndexFunc(params[:], func(p param) bool { return p.word == "" && strings.EqualFold(p.key, name) })
	if i >= 0 {
		place = params[i].place
	}
	switch {
	case place != "":
		first, _, _ := strings.Cut(place, " ")
		return fmt.Errorf("unknown word %q: in words it stands behind %s: %q", word, first, place)
	case i >= 0 || name == "rules":
		return fmt.Errorf("unknown word %q: it is a key of the object form alone", word)
	}
	return nil
}

// unknownKey tells what is likely meant by a key that is none of names.
func unknownKey(key string, names []string) error {
	match := suggest.Nearest(key, matchKeyNames())
	switch {
	case match == "" || suggest.Nearest(key, names) != "":
	case slices.Contains(names, "match"):
		return fmt.Errorf("unknown key %q: write match: {%s: …}", key, match)
	case slices.Contains(names, "rules"):
		return fmt.Errorf("unknown key %q: write rules: [{match: {%s: …}}]", key, match)
	}
	return suggest.Unknown("key", key, names)
}

// apart finds a number that stands apart from its unit among the arguments of a
// word.
func apart(w tc.Words) error {
	for !w.Done() && paramByWord(w.Peek()) < 0 {
		number := w.Next()
		if unit := w.Peek(); isBare(number) && tc.IsUnit(unit) {
			return fmt.Errorf("%s %s: write \"%s%s\" without a space", number, unit, number, unit)
		}
	}
	return nil
}
