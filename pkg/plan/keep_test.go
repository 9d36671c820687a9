// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// planOf is the plan for a conflist entry's egress: one tree.
func planOf(t *testing.T, egress []byte) *plan.Plan {
	t.Helper()
	parsed, err := conf.Parse([]byte(`{"cniVersion":"1.0.0","name":"n","type":"tcni","egress":`+string(egress)+`}`), conf.Env{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Build(parsed.Shape, facts())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// steps are those from one tree to another, as commands.
func steps(t *testing.T, have, want tc.Tree) string {
	t.Helper()
	ops, err := tc.Diff(have, want, plan.Owns)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, op := range ops {
		b.WriteString(strings.Join(op.Lines(want.Device), "\n") + "\n")
	}
	return b.String()
}

// TestChanges holds a change in place, and the change back, to goldens.
func TestChanges(t *testing.T) {
	paths, err := filepath.Glob("testdata/change/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c := goldenCase{path, archive}
			from, to := planOf(t, c.file("from.json")), planOf(t, c.file("to.json"))
			there := plan.Keep(from.Trees[0], to.Trees[0])
			got := steps(t, from.Trees[0], there)
			if more := steps(t, there, plan.Keep(there, to.Trees[0])); more != "" {
				t.Errorf("what was changed is not as it is to be: %s", more)
			}
			got += "\n# and back\n" + steps(t, there, plan.Keep(there, from.Trees[0]))
			if *update {
				c.write(t, got)
			} else if diff := cmp.Diff(string(c.file("plan")), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
