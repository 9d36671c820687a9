// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strings"
)

// ParseTrees reads what Text prints: commands of tc(8) and ip(8), each tree
// under its comment "# WHERE DEVICE". Errors begin with the line's number.
func ParseTrees(text string) ([]Tree, error) {
	var trees []Tree
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if where, dev, ok := parseHeader(line); ok {
			trees = append(trees, Tree{Where: where, Device: dev})
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if len(trees) == 0 {
			return nil, fmt.Errorf("line %d: no \"# container DEVICE\" or \"# host DEVICE\" above it", i+1)
		}
		if err := trees[len(trees)-1].parseLine(line); err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", i+1, line, err)
		}
	}
	return trees, nil
}

func parseHeader(line string) (Where, string, bool) {
	f := strings.Fields(line)
	if len(f) != 3 || f[0] != "#" || f[1] != string(InContainer) && f[1] != string(OnHost) {
		return "", "", false
	}
	return Where(f[1]), f[2], true
}

func (t *Tree) parseLine(line string) error {
	w := NewWords(line)
	tool, object, verb := w.Next(), w.Next(), w.Next()
	if tool == "ip" && object == "link" {
		return t.parseLink(verb, w)
	}
	if tool != "tc" || verb != string(Add) {
		return fmt.Errorf("want \"tc qdisc add\", \"tc class add\" or \"tc filter add\"")
	}
	if err := w.Expect("dev"); err != nil {
		return err
	}
	if dev := w.Next(); dev != t.Device {
		return fmt.Errorf("device %q is not the tree's, %q", dev, t.Device)
	}
	switch object {
	case "qdisc":
		return t.parseQdisc(w)
	case "class":
		return t.parseClass(w)
	case "filter":
		return t.parseFilter(w)
	}
	return fmt.Errorf("unknown object %q", object)
}
