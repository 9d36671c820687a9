// SPDX-License-Identifier: Apache-2.0

// Package plan turns the shape that was asked for, and what is known of the
// host, into the trees that the kernel is to have. It is pure: no clock, no
// kernel, no map order; equal input gives equal output.
//
// A direction becomes one HTB tree on one device:
//
//	root HTB 7c00: ─┬─ 7c00:1  the link: the direction's rate ─┬─ 7c00:3   what no rule takes
//	                │                                          └─ 7c00:10… one class per distinct impairment
//	                └─ 7c00:2  unshaped: ARP, neighbour discovery, rules without an impairment
//
// A class that does nothing ends in a fifo; any other in a segmenter (TBF), netem
// below it if there is anything for netem to do, and a buffer counted in bytes.
// Filters lead the packets to the classes, in the rules' order: lines of
// tc-u32(8) nodes, or one eBPF program where there are many. Where a class flips
// bits, a program that takes no packet makes them linear before (bpf.Linear).
//
// A change in place is the difference between what is there and Keep's tree: a
// queue that could hold packets stays. What a change loses nevertheless is what a
// class holds that goes as a whole, and a buffer whose place a netem takes.
//
// Terms:
//
//   - A Site is where a direction's tree goes: a device, a parent on it, and
//     the device whose arriving packets must be redirected there, if any.
//   - The segmenter splits what the kernel handed down as one long packet
//     (GSO), so that what netem does to "a packet" is done to a packet on the
//     wire, and so that a slow link sends packets instead of bursts of 64 KB.
package plan
