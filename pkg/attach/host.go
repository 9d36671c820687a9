// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"fmt"
	"iter"
	"sync"

	"golang.org/x/sys/unix"

	"tcni.dev/internal/nsid"
	"tcni.dev/pkg/rtnl"
)

// Host is the host's namespace, open for looking at many attachments at about
// the same time: its links, and the qdiscs on them, are each read once. A nil Host
// stands for looking each time.
type Host struct {
	conn  *rtnl.Conn
	links []rtnl.Link
	index map[int32]int // of links
	names map[string]bool
	self  nsid.ID

	qdiscs func() error // reads them, the first time
}

// OpenHost opens it. It must be closed.
func OpenHost() (*Host, error) {
	c, err := rtnl.Open("")
	if err != nil {
		return nil, err
	}
	h := &Host{conn: c, index: map[int32]int{}, names: map[string]bool{}}
	h.qdiscs = sync.OnceValue(c.Snapshot)
	if h.links, err = c.Links(); err == nil {
		h.self, err = nsid.At(nsid.Own)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	for i, l := range h.links {
		h.index[l.Index], h.names[l.Name] = i, true
	}
	return h, nil
}

// Close closes it.
func (h *Host) Close() { h.conn.Close() }

// marked finds the links that carry a mark.
func (h *Host) marked() map[Mark]string {
	out := map[Mark]string{}
	for m, l := range marks(h.links) {
		out[m] = l.Name
	}
	return out
}

// marks are those on links, with the link of each.
func marks(links []rtnl.Link) iter.Seq2[Mark, rtnl.Link] {
	return func(yield func(Mark, rtnl.Link) bool) {
		for _, l := range links {
			for _, name := range l.AltNames {
				if m, ok := markOf(name); ok && !yield(m, l) {
					return
				}
			}
		}
	}
}

// link finds a link by its index; ENODEV means that there is none.
func (h *Host) link(index int32) (rtnl.Link, error) {
	i, ok := h.index[index]
	if !ok {
		return rtnl.Link{}, fmt.Errorf("link with index %d: %w", index, unix.ENODEV)
	}
	return h.links[i], nil
}

// owns tells whether a path leads to the host's namespace.
func (h *Host) owns(path string) (bool, error) {
	if h == nil {
		return nsid.IsOwn(path)
	}
	its, err := nsid.At(path)
	return err == nil && its == h.self, err
}
