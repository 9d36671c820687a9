// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// The flags that make a new object and refuse one that is there.
const createNew = unix.NLM_F_CREATE | unix.NLM_F_EXCL

// encoder turns steps into messages, which it hands to emit one by one.
type encoder struct {
	out      *buffer
	emit     func(line int) error // ends the message, which is the line-th of op.Lines
	resolve  func(device string) (int32, error)
	programs []program
}

// op encodes one step on the device with the given index.
func (e *encoder) op(ifindex int32, op *tc.Op) error {
	switch o := op.Object.(type) {
	case tc.Qdisc:
		return e.qdiscOp(ifindex, op, o)
	case tc.Class:
		return e.classOp(ifindex, op.Verb, o)
	case tc.Filter:
		return e.filterOp(ifindex, op.Verb, o)
	case tc.Link:
		return e.linkOp(ifindex, op.Verb, o)
	}
	return fmt.Errorf("%T is no object of the kernel's", op.Object)
}

func (e *encoder) qdiscOp(ifindex int32, op *tc.Op, q tc.Qdisc) error {
	switch op.Verb {
	case tc.Add:
		return e.qdisc(ifindex, createNew, q, op.Verb)
	case tc.Change:
		return e.qdisc(ifindex, 0, q, op.Verb)
	case tc.Delete:
		return e.deleteQdisc(ifindex, q)
	case tc.Replace:
		// Under the same handle the kernel would not put a new qdisc in the old
		// one's place but change it, and htb cannot be changed (qdisc_change in
		// net/sched/sch_api.c).
		if old, ok := op.Have.(tc.Qdisc); ok && old.Handle == q.Handle {
			if err := e.deleteQdisc(ifindex, old); err != nil {
				return err
			}
			return e.qdisc(ifindex, createNew, q, tc.Add)
		}
		return e.qdisc(ifindex, unix.NLM_F_CREATE|unix.NLM_F_REPLACE, q, tc.Add)
	}
	return errVerb(op.Verb)
}

func (e *encoder) qdisc(ifindex int32, flags uint16, q tc.Qdisc, verb tc.Verb) error {
	e.out.begin(unix.RTM_NEWQDISC, flags)
	e.out.tcmsg(ifindex, q.Handle, q.Parent, 0)
	e.out.text(tcaKind, q.Spec.Kind())
	if err := encodeSpec(e.out, q.Spec, verb); err != nil {
		return err
	}
	return e.emit(0)
}

// deleteQdisc sends handle and kind along, so that the kernel refuses to delete
// a qdisc that somebody else has put there meanwhile (tc_get_qdisc).
func (e *encoder) deleteQdisc(ifindex int32, q tc.Qdisc) error {
	e.out.begin(unix.RTM_DELQDISC, 0)
	e.out.tcmsg(ifindex, q.Handle, q.Parent, 0)
	e.out.text(tcaKind, q.Spec.Kind())
	return e.emit(0)
}

// encodeSpec writes a qdisc's TCA_OPTIONS.
func encodeSpec(b *buffer, spec tc.Spec, verb tc.Verb) error {
	at := b.open(tcaOptions)
	switch s := spec.(type) {
	case tc.HTB:
		encodeHTB(b, s)
	case tc.Netem:
		if err := encodeNetem(b, s, verb); err != nil {
			return err
		}
	case tc.TBF:
		encodeTBF(b, s)
	case tc.FIFO:
		b.put32(s.Limit)
	case tc.Clsact: // has no options
		b.b = b.b[:at]
		return nil
	default:
		return fmt.Errorf("qdisc %s: not a kind that can be made here", spec.Kind())
	}
	b.close(at)
	return nil
}

func (e *encoder) classOp(ifindex int32, verb tc.Verb, c tc.Class) error {
	var flags uint16
	switch verb {
	case tc.Add:
		flags = createNew
	case tc.Change:
	case tc.Replace:
		flags = unix.NLM_F_CREATE | unix.NLM_F_REPLACE
	case tc.Delete:
		e.out.begin(unix.RTM_DELTCLASS, 0)
		e.out.tcmsg(ifindex, c.Handle, c.Parent, 0)
		return e.emit(0)
	default:
		return errVerb(verb)
	}
	e.out.begin(unix.RTM_NEWTCLASS, flags)
	e.out.tcmsg(ifindex, c.Handle, c.Parent, 0)
	e.out.text(tcaKind, "htb")
	at := e.out.open(tcaOptions)
	encodeHTBClass(e.out, c.HTB)
	e.out.close(at)
	return e.emit(0)
}

func errVerb(v tc.Verb) error { return fmt.Errorf("unknown verb %q", v) }
