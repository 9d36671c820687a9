// SPDX-License-Identifier: Apache-2.0

// Package suite holds tcni to what it promises, with real binaries and a real
// kernel. It has tests only; e2e/cmd/suite builds what they need and runs each
// where it can run.
//
// Terms:
//
//   - A chain is what stands before tcni in a conflist.
//   - A network is a lab with one container behind a chain, not yet shaped.
//     Tests call tcni alone on it, so that a snapshot shows tcni's traces and
//     nobody else's; what libcni does with a whole conflist has tests of its own.
//   - A test whose name begins with TestNetem needs a kernel that has netem, one
//     whose name begins with TestWithoutNetem a kernel that lacks it. On the
//     wrong kernel it fails: nothing is skipped.
package suite
