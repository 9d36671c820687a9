// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"

	"tcni.dev/pkg/rtnl"
)

// Unshaped finds the attachments that libcni knows of and whose interfaces are not
// among known: nobody asked for a shape when they were added. A directory that is not
// there has none; files that cannot be read, and those of containers that have
// ended, are passed over.
func Unshaped(cacheDirs []string, known []Known) ([]Known, error) {
	taken := map[Mark]bool{} // the ends of marks: interfaces, in whatever networks
	for _, k := range known {
		taken[k.Mark.ofInterface()] = true
	}
	var found []cached
	for _, dir := range slices.Backward(cacheDirs) {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("libcni's cache: %w", err)
		}
		for _, e := range entries {
			if c, ok := readCached(filepath.Join(dir, e.Name())); ok && !taken[c.identity().Mark().ofInterface()] {
				found = append(found, c)
			}
		}
	}
	there := make([]bool, len(found))
	Each(len(found), func(i int) { there[i] = found[i].there() })
	var out []Known
	for i, c := range found {
		if rec := c.record(); there[i] && !taken[rec.Mark().ofInterface()] {
			taken[rec.Mark().ofInterface()] = true
			out = append(out, Known{Mark: rec.Mark(), Record: rec, Unshaped: true})
		}
	}
	slices.SortFunc(out, Known.compare)
	return out, nil
}

// there tells whether the interface is the one that ADD returned: a path such as
// /proc/PID/ns/net can be another container's by now. It has the hardware's address
// and one of the others, of those that are known: results of 0.1.0 and 0.2.0 have
// no hardware's, and some plugins return none at all.
func (c cached) there() bool {
	netns := c.netns()
	if notOurs(netns) != nil {
		return false
	}
	conn, err := rtnl.Open(netns)
	if err != nil {
		return false
	}
	defer conn.Close()
	link, err := conn.LinkByName(c.IfName)
	if err != nil {
		return false
	}
	if mac := c.mac(); mac != nil && !bytes.Equal(mac, link.Address) {
		return false
	}
	told := c.addrs()
	if len(told) == 0 {
		return true
	}
	has, err := conn.Addrs(link.Index)
	return err == nil && slices.ContainsFunc(told, func(a netip.Addr) bool { return slices.Contains(has, a) })
}
