// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Report is what one run on one kernel measured.
type Report struct {
	Kernel   string         `json:"kernel"`
	Quick    bool           `json:"quick,omitempty"`
	Families []FamilyReport `json:"families"`
}

// FamilyReport is one family's.
type FamilyReport struct {
	Name  string       `json:"name"`
	About string       `json:"about"`
	Cases []CaseReport `json:"cases"`
}

// CaseReport is what one case measured.
type CaseReport struct {
	Name  string  `json:"name"`
	Words string  `json:"words"`
	Plain string  `json:"plain,omitempty"`
	TCNI  Attempt `json:"tcni"`
	// First is tcni's first measurement where it was repeated.
	First *Attempt `json:"first,omitempty"`
	// Netem is plain netem's; nil where it has no words for the shape.
	Netem *Attempt `json:"netem,omitempty"`
}

// Attempt is one measurement of a case.
type Attempt struct {
	Measured
	Error string `json:"error,omitempty"`
	// Refused is an error that was to be.
	Refused bool    `json:"refused,omitempty"`
	Said    string  `json:"said,omitempty"` // on standard error, by the chain
	Seconds float64 `json:"seconds"`        // of the guest's clock
}

// OK tells whether all is as asked, but for what is known not to be. An attempt
// without a reading is not.
func (a Attempt) OK() bool {
	if a.Refused {
		return true
	}
	for _, r := range a.Readings {
		if r.Fails() {
			return false
		}
	}
	return a.Error == "" && len(a.Readings) > 0
}

// Failed lists the cases that are not as asked.
func (r Report) Failed() (names []string) {
	for _, f := range r.Families {
		for _, c := range f.Cases {
			if !c.TCNI.OK() {
				names = append(names, fmt.Sprintf("%s: %s: %s (%s): %s", r.Kernel, f.Name, c.Name, shortened(c.Words, 80), c.TCNI.text()))
			}
		}
	}
	return names
}

// line sums a case up.
func (c CaseReport) line() string {
	s := "ok"
	switch {
	case c.TCNI.OK() && c.First != nil:
		s = "ok when repeated"
	case c.TCNI.OK():
	default:
		s = "FAIL"
	}
	s += fmt.Sprintf(" [%s] %s", shortened(c.Words, 80), c.TCNI.text())
	if c.Netem != nil {
		s += " | netem " + c.Netem.text()
	}
	if c.TCNI.Said != "" {
		s += " | said " + strings.TrimSpace(c.TCNI.Said)
	}
	return s
}

func (a Attempt) text() string {
	var parts []string
	for _, r := range a.Readings {
		mark := ""
		if !r.OK() && !r.Info {
			mark = "!"
		}
		parts = append(parts, mark+r.Metric+" "+r.text(r.Value))
	}
	if a.Error != "" {
		parts = append(parts, "error: "+a.Error)
	}
	return strings.Join(parts, ", ")
}

// ReadReport reads what a run in a guest has written.
func ReadReport(file string) (*Report, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := new(Report)
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("report %s: %w", file, err)
	}
	return r, nil
}
