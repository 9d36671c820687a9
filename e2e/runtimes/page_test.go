// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// page is the text of a file of docs/runtimes.
type page struct {
	t    *testing.T
	name string
	text string
}

func readPage(t *testing.T, name string) page {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "runtimes", name+".md"))
	if err != nil {
		t.Fatal(err)
	}
	return page{t, name, string(data)}
}

// file returns the text of a file that the page says to write: the fenced block after its name in
// backquotes at the end of a line.
func (p page) file(name string) string {
	p.t.Helper()
	m := regexp.MustCompile("(?s)`" + regexp.QuoteMeta(name) + "`:\n\n```[a-z]*\n(.*?)```\n").FindStringSubmatch(p.text)
	if m == nil {
		p.t.Fatalf("%s.md does not give %s", p.name, name)
	}
	return m[1]
}

// steps returns the fenced blocks marked sh, in which the words given are replaced. A block has the
// exports of those before it.
func (p page) steps(replace ...string) []string {
	p.t.Helper()
	var steps []string
	exports := ""
	for _, block := range p.blocks("sh") {
		block = strings.NewReplacer(replace...).Replace(block)
		steps = append(steps, exports+block)
		for line := range strings.Lines(block) {
			if strings.HasPrefix(line, "export ") {
				exports += line
			}
		}
	}
	return steps
}

// blocks returns the fenced blocks of a language.
func (p page) blocks(language string) []string {
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```\n").FindAllStringSubmatch(p.text, -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// annotation returns the value that the page's pod has.
func (p page) annotation(name string) string {
	p.t.Helper()
	m := regexp.MustCompile(`(?m)^ +` + regexp.QuoteMeta(name) + `: "?([^"\n]*)"?$`).FindStringSubmatch(p.text)
	if m == nil {
		p.t.Fatalf("%s.md does not annotate with %s", p.name, name)
	}
	return m[1]
}
