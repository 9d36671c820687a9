// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

const (
	crowd = 64 // pods that start at once
	// settle is time for the kernel to free the devices and qdiscs of one
	// crowd before the next comes.
	settle = 100 * time.Millisecond
)

func manyGroup() group {
	rows := []*report.Row{}
	for _, verb := range []lab.Verb{lab.ADD, lab.DEL} {
		ref := &report.Row{ID: rowID("many", "bandwidth")(verb), Label: string(verb) + " bandwidth v1.9.1", Unit: report.Seconds}
		row := &report.Row{ID: rowID("many", "tcni")(verb), Label: string(verb) + " tcni", Unit: report.Seconds,
			Ratios: []report.Ratio{{Of: ref.ID, Name: "bandwidth"}}}
		if verb == lab.ADD {
			row.Ratios[0].Max = 1
		}
		rows = append(rows, ref, row)
	}
	return group{Group: report.Group{
		Title: fmt.Sprintf("%d at once, a rate in both directions", crowd),
		Note:  "wall time from the first fork until the last is reaped",
		Rows:  rows,
	}, measure: (*bench).many}
}

func (b *bench) many(g *report.Group) error {
	pods := make([]pod, crowd)
	for i := range pods {
		var err error
		if pods[i], err = newPod(b.lab, fmt.Sprintf("p%d", i)); err != nil {
			return err
		}
	}
	entries := []entry{referenceRate, oursRate}
	calls, err := b.crowdCalls(entries, pods)
	if err != nil {
		return err
	}
	return b.lab.Node.Do(func() error {
		for round := range b.rounds(15, 2) {
			for i := range entries {
				for _, verb := range []lab.Verb{lab.ADD, lab.DEL} {
					id := rowID("many", entries[order(round, i, len(entries))].plugin)(verb)
					if err := b.crowd(g.Row(id), calls[id], round > 0); err != nil {
						return err
					}
				}
				if err := b.bare(pods...); err != nil {
					return err
				}
				time.Sleep(settle)
			}
		}
		return nil
	})
}

// crowdCalls prepares ADD and DEL for all pods, by the row's ID.
func (b *bench) crowdCalls(entries []entry, pods []pod) (map[string][]*call, error) {
	calls := map[string][]*call{}
	for _, e := range entries {
		for _, verb := range []lab.Verb{lab.ADD, lab.DEL} {
			id := rowID("many", e.plugin)(verb)
			for _, p := range pods {
				c, err := b.call(e, verb, p)
				if err != nil {
					return nil, err
				}
				calls[id] = append(calls[id], c)
			}
		}
	}
	return calls, nil
}

// crowd starts all calls, one behind the other, and waits for all.
func (b *bench) crowd(row *report.Row, calls []*call, record bool) error {
	for _, c := range calls {
		if err := c.rewind(); err != nil {
			return err
		}
	}
	var errs []error
	var cpu time.Duration
	var started []running
	begin := time.Now()
	for _, c := range calls {
		r, err := c.start()
		if err != nil {
			errs = append(errs, err)
			break
		}
		started = append(started, r)
	}
	guard := time.AfterFunc(callLimit, func() {
		for _, r := range started {
			r.kill()
		}
	})
	for i, r := range started {
		t, err := calls[i].wait(r)
		cpu += t
		if err != nil {
			errs = append(errs, err)
		}
	}
	wall := time.Since(begin)
	guard.Stop()
	for _, r := range started {
		_ = unix.Close(r.fd)
	}
	if len(errs) > 0 {
		return fmt.Errorf("%d of %d failed: %w", len(errs), len(calls), errs[0])
	}
	if record {
		row.Add(wall.Seconds())
		row.CPU = append(row.CPU, cpu.Seconds())
	}
	return nil
}
