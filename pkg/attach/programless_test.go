// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"testing"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// TestHasProgram holds what asks for a classifier to what the planner makes.
func TestHasProgram(t *testing.T) {
	for egress, has := range map[string]bool{
		`corrupt 1%`: true,
		`{"rules":[{"match":{"port":80},"corrupt":"1%"}]}`:    true,
		`{"rules":[{"match":{"port":"1-2047"},"loss":"1%"}]}`: true,
		`{"rules":[{"match":{"port":80},"loss":"1%"}]}`:       false,
		`loss 1%`: false,
	} {
		d, _, err := conf.ParseDirection(egress)
		if err != nil {
			t.Fatal(err)
		}
		made, err := plan.Build(conf.Shape{Egress: d}, plan.Facts{Container: plan.Device{Name: "eth0", MTU: 1500}})
		if err != nil {
			t.Fatal(err)
		}
		if tree := made.Trees[0]; hasProgram(tree) != has || !hasRoot(tree) {
			t.Errorf("%s: has a program: %v; a root: %v", egress, hasProgram(tree), hasRoot(tree))
		}
	}
	if hasProgram(tc.Tree{}) || hasRoot(tc.Tree{}) {
		t.Error("nothing has something")
	}
}

// TestLinearProgram wants the program that makes packets linear to be loaded
// once, for the question whether it can be and for all filters.
func TestLinearProgram(t *testing.T) {
	n := newNode(t)
	a := n.attachment(`"egress":"corrupt 1%","ingress":"corrupt 2%"`)
	p, err := find(a.Identity, a.Netns)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	made, err := p.build(a, exemption{})
	if err != nil || p.linear == nil {
		t.Fatalf("program %v, %v", p.linear, err)
	}
	once := p.linear.ID
	steps, err := p.difference(made)
	if err != nil {
		t.Fatal(err)
	}
	var loaded programs
	defer loaded.close()
	for _, s := range steps {
		if err := loaded.load(p, p.conn(s.where).Batch(), s.ops); err != nil {
			t.Fatal(err)
		}
	}
	if len(steps) != 2 || len(loaded) != 0 || p.linear.ID != once {
		t.Errorf("%d steps loaded %d programs; program %d is %d now", len(steps), len(loaded), once, p.linear.ID)
	}
}
