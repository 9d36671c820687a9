// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Section is one named list of a snapshot, such as "node: tc qdisc".
type Section struct {
	Name  string
	Lines []string
}

// Snapshot is all that a chain may leave behind on a node and in its containers, as text without
// what changes by itself: indexes, counters, timers.
type Snapshot []Section

// RecordDir is where tcni keeps its records, in the node.
const RecordDir = "/run/tcni"

// Snapshot looks at the node, its containers, and any further namespaces given (pods).
func (l *Lab) Snapshot(ctx context.Context, more ...*NS) (Snapshot, error) {
	l.mu.Lock()
	spaces := []*NS{l.Node}
	for _, c := range l.containers {
		spaces = append(spaces, c)
	}
	l.mu.Unlock()
	spaces = append(spaces, more...)
	slices.SortFunc(spaces[1:], func(a, b *NS) int { return strings.Compare(a.Name, b.Name) })
	var s Snapshot
	for _, ns := range spaces {
		part, err := ns.snapshot(ctx)
		if err != nil {
			return nil, fmt.Errorf("snapshot of %s: %w", ns.Name, err)
		}
		s = append(s, part...)
	}
	files, err := l.listFiles(RecordDir)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	if len(files) > 0 {
		s = append(s, Section{"node: " + RecordDir, files})
	}
	return s, nil
}

func (n *NS) snapshot(ctx context.Context) (Snapshot, error) {
	var s Snapshot
	add := func(name string, lines []string) {
		if len(lines) > 0 {
			s = append(s, Section{n.Name + ": " + name, lines})
		}
	}
	links, err := n.Output(ctx, "ip", "-d", "-o", "link", "show")
	if err != nil {
		return nil, err
	}
	add("ip link", normaliseLinks(links))
	addrs, err := n.Output(ctx, "ip", "-o", "addr", "show")
	if err != nil {
		return nil, err
	}
	add("ip addr", normaliseAddrs(addrs))
	qdiscs, err := n.Output(ctx, "tc", "qdisc", "show")
	if err != nil {
		return nil, err
	}
	add("tc qdisc", normaliseQdiscs(qdiscs))
	for _, q := range shownBelow(qdiscs) {
		// "no such file" is a qdisc that has neither classes nor filters to show.
		out, err := n.Output(ctx, "tc", q...)
		if err != nil && !strings.Contains(err.Error(), "No such file") {
			return nil, err
		}
		add("tc "+strings.Join(q, " "), normaliseBelow(out))
	}
	for _, prog := range iptablesSaves {
		if _, err := exec.LookPath(prog); err != nil {
			continue
		}
		// A back end that the kernel lacks has no rules.
		out, err := n.Output(ctx, prog)
		if err == nil {
			add(prog, normaliseTables(out))
		}
	}
	return s, nil
}

// The legacy programs show only tables that exist; none is created by looking.
var iptablesSaves = []string{
	"iptables-nft-save", "iptables-legacy-save", "ip6tables-nft-save", "ip6tables-legacy-save",
}

// listFiles lists a directory of the node: mode and path of everything below.
func (l *Lab) listFiles(dir string) ([]string, error) {
	var list []string
	err := l.Node.Do(func() error {
		return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, os.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil || path == dir {
				return err
			}
			list = append(list, fmt.Sprintf("%v %s", info.Mode(), path))
			return nil
		})
	})
	return list, err
}

// String is the snapshot as text, one heading per section.
func (s Snapshot) String() string {
	var b strings.Builder
	for _, sec := range s {
		fmt.Fprintf(&b, "== %s\n", sec.Name)
		for _, line := range sec.Lines {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// Section returns a section's lines, nil where there is none.
func (s Snapshot) Section(name string) []string {
	for _, sec := range s {
		if sec.Name == name {
			return sec.Lines
		}
	}
	return nil
}
