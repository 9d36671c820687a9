// SPDX-License-Identifier: Apache-2.0

package bpf

import "tcni.dev/pkg/tc"

// Name is what the program for the routes will be called (see Table.Name),
// without making it.
func Name(routes []tc.Route, egress bool) string { return programName(digest(routes, egress)) }
