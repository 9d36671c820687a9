// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

// Object is one thing that the kernel keeps on a device: Link, Qdisc, Class or
// Filter. Objects are comparable in meaning by Equal and by Slot in place.
type Object interface {
	// Slot names the place that the object takes on its device. Two objects
	// with the same slot cannot be there at the same time.
	Slot() string
	// Lines prints the commands of tc(8), or ip(8), that do verb for the
	// object on device dev.
	Lines(verb Verb, dev string) []string
}

// Verb is what is done to an object, in tc(8)'s words.
type Verb string

// The verbs. Change alters an object in place and keeps what it has queued;
// Replace puts a new object where another one was.
const (
	Add     Verb = "add"
	Change  Verb = "change"
	Replace Verb = "replace"
	Delete  Verb = "delete"
)

// Spec is what makes a qdisc the kind that it is.
type Spec interface {
	Kind() string // as tc(8) and the kernel name it: htb, netem, …
	Args() string // the parameters, as they stand on tc(8)'s command line
}

// Qdisc is a queueing discipline.
type Qdisc struct {
	Parent Handle // HandleRoot, HandleClsact, a class, or another qdisc's class
	Handle Handle // MAJOR:
	Spec   Spec
}

// Slot implements Object: a parent has one qdisc.
func (q Qdisc) Slot() string { return q.slot().String() }

func (q Qdisc) slot() slot { return slot{kind: "qdisc", at: q.Parent} }

// Lines implements Object.
func (q Qdisc) Lines(verb Verb, dev string) []string {
	if q.Parent == HandleClsact {
		return []string{fmt.Sprintf("tc qdisc %s dev %s %s", verb, dev, q.Spec.Kind())}
	}
	where := fmt.Sprintf("tc qdisc %s dev %s %s handle %v", verb, dev, parentWords(q.Parent), q.Handle)
	if verb == Delete {
		return []string{where}
	}
	return []string{join(where, q.Spec.Kind(), q.Spec.Args())}
}

// Class is a class of an HTB qdisc, the only classful one that we make.
type Class struct {
	Parent Handle // the HTB qdisc, or the class above
	Handle Handle // MAJOR:MINOR
	HTB    HTBClass
}

// Slot implements Object.
func (c Class) Slot() string { return c.slot().String() }

func (c Class) slot() slot { return slot{kind: "class", at: c.Handle} }

// Lines implements Object.
func (c Class) Lines(verb Verb, dev string) []string {
	where := fmt.Sprintf("tc class %s dev %s parent %v classid %v", verb, dev, c.Parent, c.Handle)
	if verb == Delete {
		return []string{where}
	}
	return []string{join(where, "htb", c.HTB.Args())}
}

// Link is a device that exists for our sake: an IFB, which has a root qdisc
// for packets that arrive elsewhere (drivers/net/ifb.c). Without a kind it is
// the queue length of a device that is there anyway.
type Link struct {
	Kind       string // ifb, or ""
	TxQueueLen uint32 // packets; 0 would leave every fifo without an explicit limit no room at all
	MTU        uint32 // bytes; 0: the kind's default
}

// Slot implements Object.
func (Link) Slot() string { return "link" }

// Lines implements Object.
func (l Link) Lines(verb Verb, dev string) []string {
	if verb == Delete {
		return []string{"ip link delete dev " + dev}
	}
	if l.Kind == "" {
		return []string{fmt.Sprintf("ip link set dev %s txqueuelen %d", dev, l.TxQueueLen)}
	}
	args := ""
	if l.MTU != 0 {
		args = fmt.Sprintf(" mtu %d", l.MTU)
	}
	return []string{
		fmt.Sprintf("ip link add name %s txqueuelen %d%s type %s", dev, l.TxQueueLen, args, l.Kind),
		fmt.Sprintf("ip link set dev %s up", dev),
	}
}

func parentWords(h Handle) string {
	if h == HandleRoot {
		return "root"
	}
	return "parent " + h.String()
}

func join(words ...string) string {
	out := ""
	for _, w := range words {
		if w != "" && out != "" {
			out += " "
		}
		out += w
	}
	return out
}
