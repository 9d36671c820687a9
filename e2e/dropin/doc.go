// SPDX-License-Identifier: Apache-2.0

// Package dropin runs tcni in the place of the reference bandwidth plugin:
// installed under its name, in conflists that were written for it, with what
// runtimes tell it. Its tests are the cases of that plugin's own, told by the
// traffic instead of by qdiscs, and what is better is told too.
//
// Delegation to a current plugin, behind libcni, is tested here as well.
package dropin
