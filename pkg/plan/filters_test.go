// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"testing"

	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

// TestProgramlessClassifier wants lines where no program can be had and they are
// long enough, unless a program was asked for.
func TestProgramlessClassifier(t *testing.T) {
	ports := []tc.PortRange{{First: 1, Last: 65534}} // 30 masks
	fits := tc.Match{Ports: ports}
	tooMany := tc.Match{Ports: ports, LocalPorts: ports, DSCPs: []uint8{1, 2}}
	for _, c := range []struct {
		name        string
		match       tc.Match
		classifier  conf.Classifier
		programless bool
		program     bool
	}{
		{"a program", fits, conf.ClassifierAuto, false, true},
		{"none to be had", fits, conf.ClassifierAuto, true, false},
		{"too many for lines", tooMany, conf.ClassifierAuto, true, true},
		{"asked for", fits, conf.ClassifierBPF, true, true},
	} {
		b := builder{direction: "egress", classifier: c.classifier, programless: c.programless, plan: &Plan{}}
		filters, err := b.filters([]tc.Route{{Match: c.match, Class: Unshaped}})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		last := filters[len(filters)-1].(tc.Filter)
		told := len(b.plan.Warnings) > 0
		if _, program := last.Spec.(tc.BPF); program != c.program || told != (c.programless && !program) {
			t.Errorf("%s: program %v, %q", c.name, program, b.plan.Warnings)
		}
	}
}
