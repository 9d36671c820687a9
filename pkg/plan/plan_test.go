// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"encoding/json"
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"os"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

var update = flag.Bool("update", false, "write the goldens anew")

// facts is a container behind a veth.
func facts() plan.Facts {
	return plan.Facts{
		Container:  plan.Device{Name: "eth0", MTU: 1500},
		Host:       &plan.Device{Name: "veth0", MTU: 1500},
		HostParent: tc.HandleRoot,
		IFB:        "tcni0",
	}
}

// goldenCase is one file: a conflist entry, facts that differ, what comes out.
type goldenCase struct {
	path    string
	archive *txtar.Archive
}

func goldens(t *testing.T) []goldenCase {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	var out []goldenCase
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, goldenCase{path, a})
	}
	return out
}

func (c goldenCase) file(name string) []byte {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// build plans the case and prints all that comes out.
func (c goldenCase) build(t *testing.T) string {
	t.Helper()
	p, err := c.plan(t)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	for _, w := range p.Warnings {
		b.WriteString("warning: " + w + "\n")
	}
	for _, u := range p.Classes {
		b.WriteString("class: " + u.Direction + " " + strings.TrimSpace(u.Rule+" "+u.Class.String()) + "\n")
	}
	b.WriteString(tc.Text(p.Trees))
	return b.String()
}

func (c goldenCase) plan(t *testing.T) (*plan.Plan, error) {
	t.Helper()
	parsed, err := conf.Parse(c.file("conf.json"), conf.Env{IfName: "eth0"})
	if err != nil {
		t.Fatalf("%s: %v", c.path, err)
	}
	f := facts()
	if data := c.file("facts.json"); data != nil {
		if err := json.Unmarshal(data, &f); err != nil {
			t.Fatalf("%s: %v", c.path, err)
		}
	}
	f.Classifier = parsed.Classifier
	return plan.Build(parsed.Shape, f)
}

func TestGoldens(t *testing.T) {
	for _, c := range goldens(t) {
		t.Run(strings.TrimSuffix(filepath.Base(c.path), ".txtar"), func(t *testing.T) {
			got := c.build(t)
			if again := c.build(t); again != got {
				t.Errorf("two plans of one shape differ: %s", cmp.Diff(got, again))
			}
			if *update {
				c.write(t, got)
				return
			}
			if diff := cmp.Diff(string(c.file("plan")), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func (c goldenCase) write(t *testing.T, got string) {
	t.Helper()
	kept := c.archive.Files[:0]
	for _, f := range c.archive.Files {
		if f.Name != "plan" {
			kept = append(kept, f)
		}
	}
	c.archive.Files = append(kept, txtar.File{Name: "plan", Data: []byte(got)})
	if err := os.WriteFile(c.path, txtar.Format(c.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRulesThatNoRateHolds wants a shape that nobody parsed as a whole, as an edit
// makes it, to be held to what conf holds its directions to.
func TestRulesThatNoRateHolds(t *testing.T) {
	d, _, err := conf.ParseDirection(`{"rate":"1mbit","rules":[{"match":{"port":22}},{"match":{"port":80},"delay":"10ms"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	d.Framing.CellSize = 64
	_, err = plan.Build(conf.Shape{Egress: d}, facts())
	if want := "egress: rules[1]: " + conf.ErrNotHeld.Error(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	d.Rules = d.Rules[:1]
	if _, err := plan.Build(conf.Shape{Egress: d}, facts()); err != nil {
		t.Error(err)
	}
}

// TestPlansParseBack holds that the text of a plan is the plan.
func TestPlansParseBack(t *testing.T) {
	for _, c := range goldens(t) {
		p, err := c.plan(t)
		if err != nil {
			continue
		}
		back, err := tc.ParseTrees(tc.Text(p.Trees))
		if err != nil {
			t.Fatalf("%s: %v", c.path, err)
		}
		for i, tree := range p.Trees {
			ops, err := tc.Diff(back[i], tree, plan.Owns)
			if err != nil || len(ops) != 0 {
				t.Errorf("%s: %s: %v %v", c.path, tree.Device, ops, err)
			}
		}
	}
}

// TestOwnsAllItMakes holds that DEL and Diff know every object of a plan.
func TestOwnsAllItMakes(t *testing.T) {
	for _, c := range goldens(t) {
		p, err := c.plan(t)
		if err != nil {
			continue
		}
		for _, tree := range p.Trees {
			for _, o := range tree.Objects {
				q, isQdisc := o.(tc.Qdisc)
				clsact := isQdisc && q.Parent == tc.HandleClsact
				if plan.Owns(o) == clsact {
					t.Errorf("%s: owns %s: %v", c.path, o.Slot(), !clsact)
				}
			}
		}
	}
}
