// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"cmp"
	"errors"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Known is an attachment that left something on the node.
type Known struct {
	Mark   Mark
	Record Record
	Err    error  // of reading the record; fs.ErrNotExist where only the mark is there
	Link   string // the link on the host that carries the mark

	Unshaped bool // ADD asked for nothing: there is no record yet (see Unshaped)

	from Records
}

// List finds all attachments: by their records, and by the marks on the host's
// links. They are in the order of pods, containers, networks and interfaces.
func (r Records) List() ([]Known, error) {
	h, err := OpenHost()
	if err != nil {
		return nil, err
	}
	defer h.Close()
	return r.ListOn(h)
}

// ListOn is List with the host open.
func (r Records) ListOn(h *Host) ([]Known, error) {
	marks, err := r.Marks()
	if err != nil {
		return nil, err
	}
	links := h.marked()
	for m := range links {
		marks = append(marks, m)
	}
	slices.Sort(marks)
	marks = slices.Compact(marks)
	list := make([]Known, len(marks))
	Each(len(marks), func(i int) {
		rec, err := r.Read(marks[i])
		list[i] = Known{Mark: marks[i], Record: rec, Err: err, Link: links[marks[i]], from: r}
	})
	// A record that DEL took away since its name was read, and what a killed ADD
	// left of one, is no attachment.
	list = slices.DeleteFunc(list, func(k Known) bool { return k.Link == "" && errors.Is(k.Err, fs.ErrNotExist) })
	slices.SortFunc(list, Known.compare)
	return list, nil
}

func (k Known) compare(other Known) int {
	a, b := k.Record, other.Record
	return cmp.Or(
		cmp.Compare(a.Pod.Namespace, b.Pod.Namespace), cmp.Compare(a.Pod.Name, b.Pod.Name),
		cmp.Compare(a.ContainerID, b.ContainerID), cmp.Compare(a.Network, b.Network),
		cmp.Compare(a.IfName, b.IfName), cmp.Compare(k.Mark, other.Mark),
	)
}

// Name is what people call the attachment: namespace/pod, or the container's ID
// in short.
func (k Known) Name() string {
	r := k.Record
	switch {
	case r.Pod.Name != "":
		return r.Pod.Namespace + "/" + r.Pod.Name
	case r.ContainerID != "":
		return r.ContainerID[:min(len(r.ContainerID), shortID)]
	}
	return string(k.Mark)
}

// shortID is how much of a container's ID its users are shown.
const shortID = 12

// Each calls f for 0..n-1, several at a time.
func Each(n int, f func(int)) {
	var wait sync.WaitGroup
	var next atomic.Int64
	for range min(n, 2*runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	wait.Wait()
}

// Inspect compares what is recorded with what is there.
func (k *Known) Inspect(h *Host) (*Inspection, error) {
	if k.Err != nil {
		return nil, k.Err
	}
	in, err := Inspect(h, k.Record)
	for range playTries {
		if err != nil || len(in.Differences) == 0 || !k.Record.played() {
			break
		}
		time.Sleep(playPause)
		if rec, readErr := k.from.Read(k.Mark); readErr == nil {
			k.Record = rec
		}
		in, err = Inspect(nil, k.Record)
	}
	return in, err
}

// String names the attachment so that Select finds it alone.
func (k Known) String() string {
	return strings.TrimSuffix(k.Name()+":"+k.Record.IfName, ":")
}
