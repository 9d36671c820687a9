// SPDX-License-Identifier: Apache-2.0

// Package cri runs pods in a real containerd, driven by its Container Runtime Interface as a
// kubelet does it.
//
// The containerd is the machine's package (containerd and runc in $PATH, 1.6 or later), with
// directories of its own, inside a jail of a [lab.Lab]: its CNI plugins run in the lab's node, and
// closing the jail ends daemon, shims and pods together. Pods have a sandbox and no containers: what
// a network plugin sees is complete with that. The sandbox's image is made on the spot of one static
// program.
package cri
