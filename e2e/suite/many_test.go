// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// together calls tcni for all networks at once.
func together(t *testing.T, verb lab.Verb, all []*network, entry func(i int) lab.Conf) {
	t.Helper()
	var wg sync.WaitGroup
	for i, n := range all {
		stdin := n.stdin(entry(i))
		wg.Go(func() {
			run, err := n.Plugin(t.Context(), "tcni", n.Env(verb, n.attach), stdin)
			if err != nil || run.ExitCode != 0 {
				t.Errorf("%s of %s %s: %v: exit %d: %s", verb, n.attach.ContainerID, n.attach.IfName, err, run.ExitCode, run.Stdout)
			}
		})
	}
	wg.Wait()
}

// TestTogether has 16 containers, of all placements, added at once.
func TestTogether(t *testing.T) {
	l := labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds()})
	var all []*network
	for i := range 16 {
		all = append(all, join(t, l, ptp, "1.1.0", fmt.Sprint("c", i)))
	}
	before := all[0].snapshot()
	entry := func(i int) lab.Conf {
		if i%4 == 3 {
			return exempted(conf.PlaceAuto)
		}
		return shape(placements[i%4])
	}
	together(t, lab.ADD, all, entry)
	together(t, lab.CHECK, all, entry)

	var even, odd []*network
	for i, n := range all {
		if i%2 == 0 {
			even = append(even, n)
		} else {
			odd = append(odd, n)
		}
	}
	together(t, lab.DEL, even, func(i int) lab.Conf { return entry(2 * i) })
	together(t, lab.CHECK, odd, func(i int) lab.Conf { return entry(2*i + 1) })
	for _, n := range even {
		if run := n.call(lab.CHECK, shape(conf.PlaceAuto)); run.ExitCode == 0 {
			t.Errorf("%s is still shaped", n.container.Name)
		}
	}
	together(t, lab.DEL, all, entry)
	all[0].unchanged(before, "DEL of all")
}

// TestInterfaces has several interfaces of one container, shaped at once, as
// containerd does.
func TestInterfaces(t *testing.T) {
	for _, place := range placements {
		t.Run(string(place), func(t *testing.T) {
			t.Parallel()
			first := newNetwork(t, ptp)
			all := []*network{first}
			for i := range 3 {
				all = append(all, first.more(fmt.Sprint("net", i+1), i+1))
			}
			before := first.snapshot()
			entry := func(int) lab.Conf { return shape(place) }
			together(t, lab.ADD, all, entry)
			together(t, lab.CHECK, all, entry)
			together(t, lab.DEL, all[1:2], entry)
			together(t, lab.CHECK, slices.Delete(slices.Clone(all), 1, 2), entry)
			together(t, lab.DEL, all, entry)
			first.unchanged(before, "DEL of all")
		})
	}
}

// more gives the container another interface in another network.
func (n *network) more(ifname string, i int) *network {
	n.t.Helper()
	other := *n
	other.attach.IfName = ifname
	other.chain.plugins = []lab.Conf{{"type": "ptp", "ipam": lab.Conf{
		"type": "host-local", "ranges": [][]lab.Conf{{{"subnet": fmt.Sprintf("10.9%d.0.0/24", i)}}},
	}}}
	list, err := lab.Conflist(ifname, "1.1.0", other.chain.plugins...)
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.Add(n.t.Context(), list, other.attach); err != nil {
		n.t.Fatal(err)
	}
	return &other
}
