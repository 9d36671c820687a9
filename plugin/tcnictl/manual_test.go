// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"strings"
	"testing"

	"tcni.dev/pkg/scenario"
)

// TestManualBlocks holds that man shows play's scenario with its indent: as roff has
// it between .EX and .EE, it is one.
func TestManualBlocks(t *testing.T) {
	page, err := os.ReadFile("../../docs/man/tcnictl-play.1")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "\n.EX\n")
	text, _, _ = strings.Cut(text, "\n.EE\n")
	text = strings.NewReplacer(`\-`, "-", `\&`, "", `\e`, `\`, `\\`, `\`).Replace(text)
	s, err := scenario.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if s.Name != "subway" || len(s.Steps) != 7 {
		t.Errorf("scenario %q of %d steps, want subway of 7:\n%s", s.Name, len(s.Steps), text)
	}
}
