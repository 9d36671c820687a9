// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes the report with all samples and the judged targets, on one line.
// [Read] reads it.
func (r *Report) JSON(w io.Writer) error {
	doc := struct {
		*Report
		Targets []Target `json:"targets,omitempty"`
	}{r, r.AllTargets()}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Read reads what JSON has written.
func Read(data []byte) (*Report, error) {
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return &r, nil
}
