// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// attachments is how many are on a full node.
const attachments = 1000

func nodeGroup() group {
	g := group{Group: report.Group{
		Title: fmt.Sprintf("On a node with %d attachments", attachments),
		Note:  "a rate in both directions each; GC finds all of them valid, the last one none",
		Rows: []*report.Row{
			{ID: "node/status", Label: "STATUS tcni", Unit: report.Seconds},
			{ID: "node/gc", Label: "GC tcni", Unit: report.Seconds},
		},
	}, measure: (*bench).node}
	for _, verb := range lifecycle {
		ref := &report.Row{ID: rowID("node", "bandwidth")(verb), Label: string(verb) + " bandwidth v1.9.1", Unit: report.Seconds}
		g.Rows = append(g.Rows, ref, &report.Row{ID: rowID("node", "tcni")(verb), Label: string(verb) + " tcni", Unit: report.Seconds,
			Ratios: []report.Ratio{{Of: ref.ID, Name: "bandwidth"}}})
	}
	g.Rows = append(g.Rows, &report.Row{ID: "node/gc-all", Label: fmt.Sprintf("GC tcni that removes %d", attachments), Unit: report.Seconds})
	return g
}

// crowded puts the attachments on the node: one container with an interface for
// each, since the namespaces themselves are none of our business.
func (b *bench) crowded() ([]pod, error) {
	ns, err := b.lab.AddContainer("full")
	if err != nil {
		return nil, err
	}
	pods := make([]pod, attachments)
	for i := range pods {
		pods[i] = pod{Attachment: ns.Attach(), ns: ns, host: fmt.Sprintf("full%d", i)}
		pods[i].IfName = fmt.Sprintf("eth%d", i)
	}
	if err := connect(b.lab, ns, pods); err != nil {
		return nil, err
	}
	return pods, b.lab.Node.Do(func() error {
		for _, p := range pods {
			if err := b.once(oursRate, lab.ADD, p); err != nil {
				return fmt.Errorf("interface %s: %w", p.IfName, err)
			}
		}
		return b.ctx.Err()
	})
}

// once runs a verb on the calling thread and forgets it.
func (b *bench) once(e entry, verb lab.Verb, p pod) error {
	c, err := b.call(e, verb, p)
	if err != nil {
		return err
	}
	_, err = c.run()
	return err
}

// collect is an entry for GC that names the attachments that are still there.
func collect(valid []pod) entry {
	list := []lab.Conf{}
	for _, p := range valid {
		list = append(list, lab.Conf{"containerID": p.ContainerID, "ifname": p.IfName})
	}
	return entry{ours, lab.Conf{"cni.dev/valid-attachments": list}}
}

func (b *bench) node(g *report.Group) error {
	pods, err := b.crowded()
	if err != nil {
		return err
	}
	status, statusErr := b.call(oursRate, lab.STATUS, pods[0])
	gc, gcErr := b.call(collect(pods), lab.GC, pods[0])
	err = b.turns(b.rounds(30, 3),
		program(g.Row("node/status"), status, statusErr),
		program(g.Row("node/gc"), gc, gcErr),
		b.verbs(referenceRate, "bandwidth", g, rowID("node", "bandwidth"), lifecycle...),
		b.verbs(oursRate, "rate", g, rowID("node", "tcni"), lifecycle...),
	)
	if err != nil {
		return err
	}
	return b.lab.Node.Do(func() error {
		all := program(g.Row("node/gc-all"), nil, nil)
		all.steps[0].call, err = b.call(collect(nil), lab.GC, pods[0])
		all.fail(err)
		all.run(true)
		return nil
	})
}
