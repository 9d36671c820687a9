// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

func TestShippedExamples(t *testing.T) {
	files, err := filepath.Glob("examples/*.*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		switch filepath.Ext(file) {
		case ".yaml":
			err = parseManifests(text)
		case ".conflist":
			err = parseConflist(text)
		case ".conf":
			err = parseEntry(text, nil)
		default:
			err = errors.New("a kind of example that no test reads")
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func parseConflist(text []byte) error {
	var list struct {
		Name    string
		Plugins []json.RawMessage
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	for _, entry := range list.Plugins {
		var kind struct{ Type string }
		if err := json.Unmarshal(entry, &kind); err != nil {
			return err
		}
		if kind.Type == "tcni" {
			_, err := Parse(inject(entry, list.Name, nil), Env{IfName: "eth0"})
			return err
		}
	}
	return errors.New("has no tcni in it")
}

// parseManifests reads what an apiserver would be given, by its kinds.
func parseManifests(text []byte) error {
	for doc := range strings.SplitSeq(string(text), "\n---\n") {
		var head struct {
			Kind  string
			Steps []any
		}
		if err := yaml.Unmarshal([]byte(doc), &head); err != nil {
			return err
		}
		if head.Steps != nil { // a scenario: pkg/scenario compiles it
			continue
		}
		read, known := map[string]func([]byte) error{
			"Pod": parseMultusPod, "NetworkAttachmentDefinition": parseDefinition,
		}[head.Kind]
		if !known {
			return fmt.Errorf("kind %q: no test reads it", head.Kind)
		}
		if err := read([]byte(doc)); err != nil {
			return err
		}
	}
	return nil
}

func parseDefinition(text []byte) error {
	var def struct{ Spec struct{ Config string } }
	if err := yaml.Unmarshal(text, &def); err != nil {
		return err
	}
	return parseConflist([]byte(def.Spec.Config))
}

// parseMultusPod reads a pod's annotations, ours and those of Multus, which
// makes args.cni of cni-args.
func parseMultusPod(text []byte) error {
	var pod struct {
		Metadata struct{ Annotations map[string]string }
	}
	if err := yaml.Unmarshal(text, &pod); err != nil {
		return err
	}
	if networks := pod.Metadata.Annotations["k8s.v1.cni.cncf.io/networks"]; networks != "" {
		var list []struct {
			Args json.RawMessage `json:"cni-args"`
		}
		if err := json.Unmarshal([]byte(networks), &list); err != nil {
			return err
		}
		for _, n := range list {
			entry := fmt.Appendf(nil, `{"type":"tcni","args":{"cni":%s}}`, n.Args)
			if err := parseEntry(entry, nil); err != nil {
				return err
			}
		}
	}
	return parsePod(text)
}
