// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"fmt"
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// askedFor is what annotations and arguments may come to need.
var askedFor = []string{"netem", "tbf", "ifb", "mirred"}

// Status asks the kernel for what the configuration needs in every attachment
// (needs), and for what an annotation could ask for (wishes). Each string says
// what is missing and which module has it. Nothing is left behind.
func Status(c *conf.Conf) (needs, wishes []string, err error) {
	required, err := required(c)
	if err != nil {
		return nil, nil, err
	}
	conn, err := rtnl.Open("")
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	if needs, err = missing(conn, required); err != nil {
		return nil, nil, err
	}
	others := slices.DeleteFunc(slices.Clone(askedFor), func(kind string) bool { return slices.Contains(required, kind) })
	if wishes, err = missing(conn, others); err != nil {
		return nil, nil, err
	}
	return needs, wishes, nil
}

// missing says which kinds the kernel has not.
func missing(conn *rtnl.Conn, kinds []string) (out []string, err error) {
	for _, kind := range kinds {
		have, err := conn.Probe(kind)
		if err != nil {
			return nil, err
		}
		if !have {
			out = append(out, rtnl.Missing(kind))
		}
	}
	return out, nil
}

// required lists the kinds of the trees that the conflist alone would make, and
// HTB, without which nothing can be done.
func required(c *conf.Conf) ([]string, error) {
	device := plan.Device{Name: "eth0", MTU: 1500}
	made, err := plan.Build(c.Shape, plan.Facts{Container: device, Host: &device, HostParent: tc.HandleRoot, IFB: "ifb0"})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrShape, err)
	}
	kinds := []string{"htb"}
	for _, t := range made.Trees {
		for _, o := range t.Objects {
			for _, kind := range probed(o) {
				if !slices.Contains(kinds, kind) {
					kinds = append(kinds, kind)
				}
			}
		}
	}
	return kinds, nil
}

// probed names what an object needs and rtnl.Probe can ask for.
func probed(o tc.Object) []string {
	switch o := o.(type) {
	case tc.Link:
		return []string{o.Kind, "mirred"}
	case tc.Qdisc:
		if o.Parent != tc.HandleClsact {
			return []string{o.Spec.Kind()}
		}
	}
	return nil
}
