// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// TestConflist has libcni run whole conflists, of every version that chains.
func TestConflist(t *testing.T) {
	for _, version := range []string{"0.3.1", "0.4.0", "1.0.0", "1.1.0"} {
		for _, c := range chains {
			t.Run(version+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				testConflist(t, version, c)
			})
		}
	}
}

func testConflist(t *testing.T, version string, c chain) {
	ctx := t.Context()
	l := labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds()})
	n := &network{Lab: l, t: t, chain: c, version: version}
	entry := shape(conf.PlaceAuto)
	entry["type"] = "tcni"
	list := n.conflist(entry)
	web := labtest.Container(t, l, "web").Attach()
	for range 2 { // a container may be added again
		out, err := l.Add(ctx, list, web)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Result.IPs) != 2 || len(out.Result.Interfaces) == 0 {
			t.Errorf("the result is %v, want that of %s", out.Result, c.name)
		}
		if version != "0.3.1" { // CHECK is of 0.4.0
			if _, err := l.Check(ctx, list, web); err != nil {
				t.Error(err)
			}
		}
		if len(n.traces()) == 0 {
			t.Error("ADD left nothing")
		}
		if version == "1.1.0" { // so are GC and STATUS
			if _, err := l.Status(ctx, list); err != nil {
				t.Error(err)
			}
			if _, err := l.GC(ctx, list, web); err != nil {
				t.Error(err)
			}
		}
		for range 2 {
			if _, err := l.Del(ctx, list, web); err != nil {
				t.Error(err)
			}
		}
		n.waitGone()
	}
}
