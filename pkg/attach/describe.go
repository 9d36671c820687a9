// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"tcni.dev/conf"
	"tcni.dev/pkg/view"
)

// Describe tells of an attachment what programs are shown. It looks into the
// kernel; the trees are for who asks for them.
func Describe(h *Host, k Known, now time.Time, trees bool) view.Attachment {
	if k.Err != nil {
		v := describe(k)
		v.State, v.Why = view.Stray, k.Err.Error()
		if k.Link != "" {
			v.Why = fmt.Sprintf("link %s carries the mark: %v", k.Link, k.Err)
		}
		return v
	}
	if k.Unshaped {
		v := describe(k)
		v.State = view.Unshaped
		return v
	}
	in, err := k.Inspect(h)
	v := describe(k)
	switch {
	case errors.Is(err, fs.ErrPermission):
		v.State, v.Why = view.Unknown, err.Error()
		return v
	case errors.Is(err, ErrNetns), errors.Is(err, ErrNoInterface):
		v.State, v.Why = view.Gone, err.Error()
		return v
	case err != nil:
		v.State, v.Why = view.Drift, err.Error()
		return v
	}
	v.Warnings, v.Differences = in.Plan.Warnings, in.Differences
	if trees {
		for _, t := range in.Trees() {
			v.Trees = append(v.Trees, view.Tree{Where: string(t.Where), Device: t.Device, Lines: t.Lines()})
		}
	}
	switch {
	case len(in.Differences) > 0:
		v.State, v.Why = view.Drift, in.Differences[0]
	default:
		if why := k.overdue(now); why != "" {
			v.State, v.Why = view.Overdue, why
		}
	}
	return v
}

// overdue says why an override should not be in force any more.
func (k Known) overdue(now time.Time) string {
	if slices.ContainsFunc(k.Record.Overrides(), func(o *Override) bool { return o.Due(now) }) {
		return "an override that had an end is still in force"
	}
	switch left := k.deserted(); {
	case len(left) == 0:
		return ""
	case left[0].By == ByPlay:
		return "what was played is still in force, and its player has ended"
	default:
		return "what was set until " + left[0].Until.Local().Format(time.TimeOnly) + " stays for good: who was to take it back has ended"
	}
}

// describe tells what is in the record.
func describe(k Known) view.Attachment {
	r := k.Record
	v := view.Attachment{
		Name: k.Name(), Mark: string(k.Mark), Network: r.Network, ContainerID: r.ContainerID, IfName: r.IfName,
		Pod: r.Pod, Netns: r.Netns, HostLink: r.HostLink, Placement: r.Placement,
		State: view.OK, Shape: shapeView(r.Shape()), Sources: r.Sources,
	}
	if k.Link != "" {
		v.HostLink = k.Link
	}
	for _, o := range r.Overrides() {
		v.Overrides = append(v.Overrides, view.Override{ID: o.ID, By: string(o.By), Since: o.Since, Until: o.Until, Label: o.Label})
	}
	if r.Override != nil {
		installed := shapeView(r.Installed())
		v.Installed = &installed
	}
	return v
}

func shapeView(s conf.Shape) view.Shape { return view.Shape{Egress: s.Egress, Ingress: s.Ingress} }
