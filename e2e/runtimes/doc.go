// SPDX-License-Identifier: Apache-2.0

// Package runtimes holds tcni to the container runtimes that are to be served: each test runs a
// runtime's real code on a throw-away node and measures the traffic of its container.
//
// Terms:
//
//   - A client is an executable of a runtime that no package of Debian has, built from the module
//     proxy: containerd 2.x, Multus, cnitool, and what calls the libraries of CRI-O and of kubectl
//     apply -k. They have modules of their own below this directory, so that nothing else depends
//     on what they need.
//   - A page is a file of docs/runtimes. What tests use of it, they take out of its text.
//
// go test ./runtimes runs all of it. Tests whose name begins with TestNetem need a kernel that has
// netem: where this machine's lacks it, the test binary runs them in a virtual machine.
package runtimes
