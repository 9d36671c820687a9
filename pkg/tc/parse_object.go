// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

func (t *Tree) parseLink(verb string, w *Words) (err error) {
	if verb == "set" { // "up" belongs to the link that was just added
		return nil
	}
	var l Link
	for !w.Done() && err == nil {
		switch {
		case w.Accept("name"):
			w.Next()
		case w.Accept("txqueuelen"):
			l.TxQueueLen, err = Arg(w, "txqueuelen", ParseUint32)
		case w.Accept("mtu"):
			l.MTU, err = Arg(w, "mtu", ParseUint32)
		case w.Accept("type"):
			l.Kind = w.Next()
		default:
			err = fmt.Errorf("link: unknown word %q", w.Peek())
		}
	}
	t.Objects = append(t.Objects, l)
	return err
}

// parseParent reads "root", "parent X:Y", "ingress" or "egress".
func parseParent(w *Words) (Handle, error) {
	switch {
	case w.Accept("root"):
		return HandleRoot, nil
	case w.Accept("ingress"):
		return HandleIngress, nil
	case w.Accept("egress"):
		return HandleEgress, nil
	}
	if err := w.Expect("parent"); err != nil {
		return 0, err
	}
	return Arg(w, "parent", ParseHandle)
}

func (t *Tree) parseQdisc(w *Words) error {
	q := Qdisc{Parent: HandleClsact, Handle: MakeHandle(IngressMajor, 0)}
	var err error
	if s := w.Peek(); s != "clsact" && s != "ingress" {
		if q.Parent, err = parseParent(w); err != nil {
			return err
		}
		if err = w.Expect("handle"); err != nil {
			return err
		}
		if q.Handle, err = Arg(w, "handle", ParseHandle); err != nil {
			return err
		}
	}
	kind := w.Next()
	parse, ok := specParsers[kind]
	if !ok {
		return fmt.Errorf("unknown qdisc %q", kind)
	}
	q.Spec, err = parse(w)
	t.Objects = append(t.Objects, q)
	return err
}

func (t *Tree) parseClass(w *Words) (err error) {
	var c Class
	if c.Parent, err = parseParent(w); err != nil {
		return err
	}
	if err = w.Expect("classid"); err != nil {
		return err
	}
	if c.Handle, err = Arg(w, "classid", ParseHandle); err != nil {
		return err
	}
	if err = w.Expect("htb"); err != nil {
		return err
	}
	c.HTB, err = parseHTBClass(w)
	t.Objects = append(t.Objects, c)
	return err
}

func (t *Tree) parseFilter(w *Words) (err error) {
	var f Filter
	if f.Parent, err = parseParent(w); err != nil {
		return err
	}
	if err = w.Expect("protocol"); err != nil {
		return err
	}
	if f.Protocol, err = Arg(w, "protocol", ParseProtocol); err != nil {
		return err
	}
	if err = w.Expect("pref"); err != nil {
		return err
	}
	if f.Preference, err = Arg(w, "pref", parseUint16); err != nil {
		return err
	}
	if err = w.Expect("handle"); err != nil {
		return err
	}
	w.Next() // the node's number is its place in the line
	return t.parseElement(f, w)
}

// parseElement adds one element to the tree's last filter, or begins a filter.
func (t *Tree) parseElement(f Filter, w *Words) (err error) {
	switch kind := w.Next(); kind {
	case "u32":
		var node U32Node
		if node, err = parseU32Node(w); err == nil {
			t.addNode(f, node)
		}
	case "bpf":
		if f.Spec, err = parseBPF(w); err == nil {
			t.Objects = append(t.Objects, f)
		}
	default:
		err = fmt.Errorf("unknown filter %q", kind)
	}
	return err
}

func (t *Tree) addNode(f Filter, node U32Node) {
	if n := len(t.Objects); n > 0 {
		if last, ok := t.Objects[n-1].(Filter); ok && last.Slot() == f.Slot() {
			if u, ok := last.Spec.(U32); ok {
				last.Spec = U32{Nodes: append(u.Nodes, node)}
				t.Objects[n-1] = last
				return
			}
		}
	}
	f.Spec = U32{Nodes: []U32Node{node}}
	t.Objects = append(t.Objects, f)
}
