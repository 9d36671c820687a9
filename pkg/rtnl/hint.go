// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// hints say what an error means to somebody who does not know the kernel. The
// first line that fits is taken: an errno, a part of the kernel's words, and
// what the step is about ("": anything).
var hints = [...]struct {
	errno syscall.Errno
	words string
	about string
	text  func(*OpError) string
}{
	{unix.ENOENT, "qdisc kind is unknown", "", func(e *OpError) string { return Missing(about(e)) }},
	{unix.ENOENT, "TC classifier not found", "", func(e *OpError) string { return Missing(about(e)) }},
	{unix.ENOENT, "TC action module", "", func(*OpError) string { return Missing("mirred") }},
	{unix.EOPNOTSUPP, "Unknown device type", "", func(e *OpError) string { return Missing(about(e)) }},
	{unix.EPERM, "", "", say("not permitted: CAP_NET_ADMIN is needed in the user namespace that owns this network namespace")},
	{unix.EINVAL, "cannot mix duplicating netems", "", say("this kernel takes no netem that duplicates beside another netem on one device")},
	{unix.EEXIST, "", "root", say("a root qdisc of somebody else is there: see \"tc qdisc show\"")},
	{unix.EEXIST, "", "clsact", say("a clsact or ingress qdisc is there already; only one of the two can be")},
	{unix.EEXIST, "", "ingress", say("a clsact or ingress qdisc is there already; only one of the two can be")},
	{unix.ENODEV, "", "", func(e *OpError) string { return fmt.Sprintf("device %s is gone", e.Device) }},
	{unix.EOPNOTSUPP, "", "altname", say("alternative names need a kernel >= 5.5")},
	{unix.EBUSY, "", "class", say("the class is in use: a filter points to it, or another class hangs on it")},
}

func say(text string) func(*OpError) string { return func(*OpError) string { return text } }

func hint(e *OpError) string {
	for i := range hints {
		h := &hints[i]
		if h.errno == e.Errno && strings.Contains(e.ExtAck, h.words) && (h.about == "" || h.about == about(e) || h.about == place(e)) {
			return h.text(e)
		}
	}
	return ""
}

// about names the kind of a step's object.
func about(e *OpError) string {
	switch o := e.Op.Object.(type) {
	case tc.Qdisc:
		return o.Spec.Kind()
	case tc.Class:
		return "class"
	case tc.Filter:
		return o.Spec.Kind()
	case tc.Link:
		return o.Kind
	}
	return "altname"
}

// place is "root" for a qdisc there.
func place(e *OpError) string {
	if q, ok := e.Op.Object.(tc.Qdisc); ok && q.Parent == tc.HandleRoot {
		return "root"
	}
	return ""
}

// modules tells which module brings a kind, and where distributions that do
// not put it beside the kernel keep it.
var modules = [...]struct{ kind, module, where string }{
	{"netem", "sch_netem", "RHEL: package kernel-modules-extra; Ubuntu: linux-modules-extra-$(uname -r)"},
	{"htb", "sch_htb", ""},
	{"tbf", "sch_tbf", ""},
	{"clsact", "sch_ingress", ""},
	{"ingress", "sch_ingress", ""},
	{"u32", "cls_u32", ""},
	{"bpf", "cls_bpf", ""},
	{"mirred", "act_mirred", ""},
	{"ifb", "ifb", ""},
}

// Missing says that the kernel lacks a kind of qdisc, filter, action or device,
// and which module has it.
func Missing(kind string) string {
	for i := range modules {
		m := &modules[i]
		if m.kind != kind {
			continue
		}
		text := fmt.Sprintf("%s is not in this kernel: modprobe %s", kind, m.module)
		if m.where != "" {
			text += " (" + m.where + ")"
		}
		return text
	}
	return kind + " is not in this kernel"
}
