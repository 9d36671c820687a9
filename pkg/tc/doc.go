// SPDX-License-Identifier: Apache-2.0

// Package tc holds Linux traffic control as values: devices, qdiscs, classes
// and filters that validate, print as the command lines of ip(8) and tc(8),
// parse back from them, and can be compared.
//
// Terms:
//
//   - An Object is one thing that the kernel keeps: a device made by us
//     (Link), a Qdisc, a Class, or a Filter. A Filter is what the kernel calls
//     a tcf_proto: everything of one classifier kind under one parent,
//     preference and protocol. For u32 that is a list of nodes.
//   - A Tree is all objects of one device, in the order in which they can be
//     created: a parent stands before what hangs on it.
//   - An Op is one step from a tree that is there to a tree that is wanted.
//     Diff computes the steps; no step means that the trees are the same.
//
// One named type stands for each unit: Rate (bits per second), Size (bytes),
// Time (nanoseconds), Percent (parts per billion). Their syntax is tc(8)'s.
// The kernel's own scales (ticks of 64 ns, 32-bit fractions) appear only where
// a value must be rounded to what the kernel can hold, and where messages are
// encoded, which is package rtnl's work.
//
// The package imports the standard library only and never touches a kernel.
package tc
