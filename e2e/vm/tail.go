// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"io"
	"strings"
	"sync"
)

// tail passes on what is written to it and remembers the last lines.
type tail struct {
	copy io.Writer
	keep int

	mu   sync.Mutex
	last []string // the last one is not ended yet
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	pieces := strings.Split(strings.ReplaceAll(string(b), "\r", ""), "\n")
	if n := len(t.last); n > 0 {
		pieces[0] = t.last[n-1] + pieces[0]
		t.last = t.last[:n-1]
	}
	t.last = append(t.last, pieces...)
	if over := len(t.last) - t.keep - 1; over > 0 {
		t.last = append([]string(nil), t.last[over:]...)
	}
	return t.copy.Write(b)
}

// lines returns the lines kept, oldest first, without empty ones.
func (t *tail) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for _, line := range t.last {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
