// SPDX-License-Identifier: Apache-2.0

package rtnl

import "tcni.dev/pkg/tc"

// decoders read the options of the qdiscs that we make. A new kind is a line.
var decoders = [...]struct {
	kind   string
	decode func(field) tc.Spec
}{
	{"htb", decodeHTB},
	{"netem", decodeNetem},
	{"tbf", decodeTBF},
	{"pfifo", func(opts field) tc.Spec { return tc.FIFO{Limit: opts.u32(0)} }},
	{"bfifo", func(opts field) tc.Spec { return tc.FIFO{Bytes: true, Limit: opts.u32(0)} }},
	{"clsact", func(field) tc.Spec { return tc.Clsact{} }},
	{"ingress", func(field) tc.Spec { return tc.Clsact{IngressOnly: true} }},
}

func decodeSpec(kind string, opts field) tc.Spec {
	for i := range decoders {
		if decoders[i].kind == kind {
			return decoders[i].decode(opts)
		}
	}
	return tc.Other{Name: kind}
}
