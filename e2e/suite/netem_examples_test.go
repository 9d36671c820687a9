// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"

	"tcni.dev/e2e/lab"
)

// exampleEntries are tcni's entries of conf/examples: a conflist's own, and for
// a pod's annotations one that reads them.
func exampleEntries(t *testing.T) map[string]lab.Conf {
	t.Helper()
	files, err := filepath.Glob("../../conf/examples/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	entries := map[string]lab.Conf{}
	for _, path := range files {
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			continue // what is for a cluster has tests of its own
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Plugins  []lab.Conf
			Metadata struct{ Annotations map[string]string }
		}
		if data, err = yaml.YAMLToJSON(data); err == nil {
			err = json.Unmarshal(data, &v)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, entry := range v.Plugins {
			if entry["type"] == "tcni" {
				entries[filepath.Base(path)] = entry
			}
		}
		if v.Metadata.Annotations != nil {
			entries[filepath.Base(path)] = lab.Conf{"runtimeConfig": lab.Conf{"io.kubernetes.cri.pod-annotations": v.Metadata.Annotations}}
		}
	}
	return entries
}

// TestNetemExamples puts every example into the kernel.
func TestNetemExamples(t *testing.T) {
	n := newNetwork(t, ptp)
	needNetem(t, n.Lab)
	before := n.snapshot()
	for name, entry := range exampleEntries(t) {
		t.Run(name, func(t *testing.T) {
			n.ok(lab.ADD, entry)
			n.ok(lab.CHECK, entry)
			n.ok(lab.DEL, entry)
			n.unchanged(before, "DEL")
		})
	}
}
