// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// example is one fenced block of a page, and the error that the next block says
// it makes.
type example struct {
	page             string
	line             int
	lang, text, want string
}

func readExamples(t *testing.T, page string) []example {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var examples []example
	lang, start, body := "", 0, []string(nil)
	for i, line := range strings.Split(string(data), "\n") {
		fence, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && lang == "":
			lang, start, body = fence, i+1, nil
		case isFence && lang == "error":
			examples[len(examples)-1].want = strings.Join(body, "\n")
			lang = ""
		case isFence:
			examples = append(examples, example{page: page, line: start, lang: lang, text: strings.Join(body, "\n")})
			lang = ""
		default:
			body = append(body, line)
		}
	}
	return examples
}

// run parses an example as what it is: a conflist entry, a direction, a pod,
// CNI_ARGS, or an annotation's value.
func (e example) run() error {
	switch {
	case e.lang == "args":
		_, err := Parse([]byte(`{"type":"tcni","name":"example"}`), Env{Args: e.text})
		return err
	case e.lang == "json" && strings.Contains(e.text, `"type"`):
		return parseEntry([]byte(e.text), nil)
	case strings.Contains(e.text, "kind: Pod"):
		return parsePod([]byte(e.text))
	case e.lang == "json" || e.lang == "yaml" || e.lang == "words":
		return parseEntry([]byte(`{"type":"tcni"}`), map[string]string{"tcni.dev/egress": e.text})
	}
	return fmt.Errorf("no such kind of example: %q", e.lang)
}

// parseEntry parses one conflist entry as libcni would hand it over.
func parseEntry(entry []byte, annotations map[string]string) error {
	_, err := Parse(inject(entry, "example", annotations), Env{IfName: "net1"})
	return err
}

func inject(entry []byte, name string, annotations map[string]string) []byte {
	runtime, err := json.Marshal(map[string]any{annotationsCapability: annotations})
	if err != nil {
		panic(err)
	}
	var own struct{ Name string }
	_ = json.Unmarshal(entry, &own) // an error is for what is tested to find
	rest := strings.TrimPrefix(strings.TrimSpace(string(entry)), "{")
	if own.Name == "" {
		rest = fmt.Sprintf(`"cniVersion":"1.0.0","name":%q,%s`, name, rest)
	}
	return fmt.Appendf(nil, `{"runtimeConfig":%s,%s`, runtime, rest)
}

func parsePod(text []byte) error {
	var pod struct {
		Metadata struct{ Annotations map[string]string }
	}
	if err := yaml.Unmarshal(text, &pod); err != nil {
		return err
	}
	return parseEntry([]byte(`{"type":"tcni"}`), pod.Metadata.Annotations)
}

func TestReadmeExamples(t *testing.T) {
	failing := 0
	for _, e := range readExamples(t, "README.md") {
		e.check(t)
		if e.want != "" {
			failing++
		}
	}
	if failing < 8 {
		t.Errorf("only %d examples of errors were found", failing)
	}
}

func (e example) check(t *testing.T) {
	t.Helper()
	err := e.run()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != e.want {
		t.Errorf("%s:%d:\n got %q\nwant %q", e.page, e.line, got, e.want)
	}
}

// TestFirstPage runs what the project's first page shows: a pod, a conflist's
// entry, an error.
func TestFirstPage(t *testing.T) {
	const page = "../README.md"
	run := 0
	for _, e := range readExamples(t, page) {
		if e.lang == "yaml" || e.lang == "json" {
			e.check(t)
			run++
		}
	}
	data, err := os.ReadFile(page)
	if err != nil || run < 2 {
		t.Errorf("%d examples, %v", run, err)
	}
	if err := parseEntry([]byte(`{"type":"tcni"}`), map[string]string{"tcni.dev/egress": "loss 150%"}); !strings.Contains(string(data), "`"+err.Error()+"`") {
		t.Errorf("%s does not show %v", page, err)
	}
}

// TestReadmeNamesEveryKey holds the reference to the tables.
func TestReadmeNamesEveryKey(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	names := append(topKeyNames(), paramKeys()...)
	names = append(names, policyKeys()...)
	names = append(names, matchKeyNames()...)
	names = append(names, foreignKeys[:]...)
	for _, name := range names {
		if !strings.Contains(string(data), "`"+name+"`") {
			t.Errorf("README.md does not name `%s`", name)
		}
	}
	for _, word := range paramWords() {
		if !strings.Contains(string(data), "`"+word+" ") && !strings.Contains(string(data), "`"+word+"`") {
			t.Errorf("README.md does not show the word %q", word)
		}
	}
	for _, p := range Profiles() {
		row := fmt.Sprintf("| `%s` | `%s` | `%s` | %s |", p.Name, p.Egress, p.Ingress, p.Source)
		if !strings.Contains(string(data), row) {
			t.Errorf("README.md lacks the line\n%s", row)
		}
	}
}
