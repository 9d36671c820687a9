// SPDX-License-Identifier: Apache-2.0

package edit

import "strings"

// split takes a request's pieces apart into words. An object is one of them, and
// as it stands: white space means something in YAML, and in JSON's strings.
func split(pieces []string) (words []string) {
	for _, text := range pieces {
		for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
			n := wordEnd(text)
			words, text = append(words, text[:n]), text[n:]
		}
	}
	return words
}

// wordEnd returns the length of the word that the text begins with: an object in
// braces, YAML of several lines, or what stands before the next white space.
func wordEnd(text string) int {
	if text[0] == '{' {
		return objectEnd(text)
	}
	if n := blockEnd(text); n > 0 {
		return n
	}
	return len(firstWord(text))
}

// objectEnd returns the length of the object in braces that the text begins with,
// of all of it where that is not closed.
func objectEnd(text string) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// blockEnd returns the length of the YAML of several lines that the text begins
// with, 0 where there is none. It ends before a line that begins with another
// direction: no key is called so.
func blockEnd(text string) int {
	n, lines, keys := 0, 0, 0
	for line := range strings.Lines(text) {
		word := firstWord(line)
		if isDirection(word) && strings.HasPrefix(line, word) {
			break
		}
		if strings.HasSuffix(word, ":") {
			keys++
		}
		n, lines = n+len(line), lines+1
	}
	if keys == 0 || lines == 1 {
		return 0
	}
	return n
}

// firstWord returns what stands before the first white space, "" on an empty line.
func firstWord(text string) string {
	for word := range strings.FieldsSeq(text) {
		return word
	}
	return ""
}
