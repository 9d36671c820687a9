// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write writes README.md, summary.md and the plots into a directory, and returns
// the former.
func Write(dir string, reports []*Report) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	for _, r := range reports {
		for _, f := range r.Families {
			if err := plotFamily(dir, r.Kernel, f); err != nil {
				return "", fmt.Errorf("plot %s: %w", f.Name, err)
			}
			asked := forestOf(f)
			if err := asked.plot(filepath.Join(dir, forestFile(r.Kernel, f.Name))); err != nil {
				return "", fmt.Errorf("plot %s: %w", f.Name, err)
			}
		}
		all := headlineForest(r)
		if err := all.plot(filepath.Join(dir, headlineFile(r.Kernel))); err != nil {
			return "", fmt.Errorf("plot of the headlines: %w", err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "summary.md"), []byte(Summary(reports)), 0o644); err != nil {
		return "", err
	}
	text := Markdown(reports)
	return text, os.WriteFile(filepath.Join(dir, "README.md"), []byte(text), 0o644)
}
