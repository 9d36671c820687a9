// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/bpf"
	"tcni.dev/pkg/tc"
)

// programAbove is how many u32 nodes a packet may have to be held against, in
// the worst case, before a program is quicker: each node costs 3 to 5 ns, the
// program's lookups about 100.
const programAbove = 32

// filters returns the classifiers of a direction: ARP and its like first, since
// a network does not delay its first hop and a request that is delayed fills
// the neighbour's queue; then the routes in their order.
func (b *builder) filters(routes []tc.Route) ([]tc.Object, error) {
	out := []tc.Object{
		b.u32(prefARP, tc.ProtoARP, []tc.U32Node{{Keys: keys{}.list(), FlowID: Unshaped}}),
		b.u32(prefNeighbour, tc.ProtoIPv6, firstHopNodes()),
	}
	if b.corrupts() {
		out = append(out, b.linear()...)
	}
	if len(routes) == 0 {
		return out, nil
	}
	auto := b.classifier == conf.ClassifierAuto
	if b.classifier == conf.ClassifierBPF || auto && !b.programless && len(routes) > programAbove {
		return append(out, b.program(routes)), nil
	}
	lines, longest, err := b.lines(routes)
	switch {
	case auto && (err != nil || longest > programAbove && !b.programless):
		return append(out, b.program(routes)), nil
	case auto && longest > programAbove:
		b.plan.warn("%s: rules: no eBPF program can be had here: a packet is held against up to %d u32 nodes, of 3 to 5 ns each", b.direction, longest)
	}
	return append(out, lines...), err
}

// corrupts tells whether a class of the direction flips bits.
func (b *builder) corrupts() bool {
	return slices.ContainsFunc(b.classes, func(c class) bool { return c.Netem.Corrupt != 0 })
}

// linear is asked by all packets that may come to a class, and takes none.
func (b *builder) linear() []tc.Object {
	if b.programless {
		b.plan.warn("%s: corrupt: no eBPF program can be had here: of a packet that was handed down in pieces, as TCP's, only the headers are corrupted", b.direction)
		return nil
	}
	return []tc.Object{tc.Filter{Parent: Root, Preference: prefLinear, Protocol: tc.ProtoAll, Spec: bpf.Linear}}
}

// lines returns a line of u32 nodes for each family, and the length of the
// longer one.
func (b *builder) lines(routes []tc.Route) (out []tc.Object, longest int, err error) {
	remote := 0
	if b.direction == "egress" {
		remote = 1
	}
	for i := range families {
		f := &families[i]
		var nodes []tc.U32Node
		for _, r := range routes {
			for _, k := range f.nodes(r.Match, remote) {
				nodes = append(nodes, tc.U32Node{Keys: k, FlowID: r.Class})
			}
		}
		longest = max(longest, len(nodes))
		if len(nodes) > tc.MaxU32Nodes {
			return nil, longest, fmt.Errorf("rules: they take %d u32 nodes for %v, at most %d can be had: use classifier bpf", len(nodes), f.proto, tc.MaxU32Nodes)
		}
		if len(nodes) > 0 {
			out = append(out, b.u32(f.pref, f.proto, nodes))
		}
	}
	return out, longest, nil
}

// program returns one eBPF program for both families.
func (b *builder) program(routes []tc.Route) tc.Object {
	table := &tc.RouteTable{Routes: routes, Egress: b.direction == "egress"}
	return tc.Filter{Parent: Root, Preference: prefProgram, Protocol: tc.ProtoAll, Spec: tc.BPF{Name: bpf.Name(routes, table.Egress), Table: table}}
}

func (b *builder) u32(pref uint16, proto tc.Protocol, nodes []tc.U32Node) tc.Filter {
	return tc.Filter{Parent: Root, Preference: pref, Protocol: proto, Spec: tc.U32{Nodes: nodes}}
}
