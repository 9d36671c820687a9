// SPDX-License-Identifier: Apache-2.0

// Package rkt runs tcni under rkt's real networking code, v1.30.0.
//
// The driver is that code with a command line, built from the module in
// driver/, together with the ptp and host-local of its time (CNI 0.3.0). It runs
// on the node of a package lab, as rkt's stage 1 would: a pod has a directory, in
// whose stage1 rkt's own plugins are, and a local configuration, in whose net.d
// are networks and tcni.
//
// Tests that need netem run themselves again in a virtual machine where this
// kernel has none: go test is all that has to be called.
package rkt
