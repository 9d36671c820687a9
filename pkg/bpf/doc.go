// SPDX-License-Identifier: Apache-2.0

// Package bpf classifies packets by one eBPF program, at a cost that hardly
// depends on the number of routes. Compile turns routes into a program and its
// tables, Load gives them to the kernel, and a cls_bpf filter of an HTB qdisc
// refers to the program. What a route takes is said in package model. Linear is a
// second program, which decides nothing and prepares packets for corruption.
//
// # The filter
//
// It is not direct-action. There the program's result means (cls_bpf_classify
// in net/sched/cls_bpf.c): 0, no match, so the next filter is asked and at last
// HTB takes its default class; -1, the filter's own class, which the program
// never returns; anything else, the class. Its protocol is "all". The program
// goes by skb->protocol: IPv4 and IPv6. A packet with a VLAN tag, in its frame
// or beside it (skb->vlan_tci, where skb->protocol is the inner one), is of
// another network and matches nothing, as with a u32 filter for ip or ipv6. ARP
// and neighbour discovery must be caught by filters before this one.
//
// # How it decides
//
//   - A property is what routes ask of a packet: the remote address, the remote
//     and the local port, the protocol, the DSCP. What no route asks for is not
//     in the program.
//   - A class is a set of values of a property that the same routes accept. The
//     look-up of an address in trees, of a port in pages, and of the rest in
//     plain tables gives its class.
//   - A dimension is a property or a product: a table that gives one class for
//     a pair of classes. While such tables stay small dimensions are joined
//     until one is left, whose table has the first route that accepts the class.
//   - Where they would not stay small, a scan intersects the routes of the
//     remaining classes, as bits, 64 at a time (Lakshman and Stiliadis,
//     SIGCOMM 1998), and empty chunks of 512 routes are skipped.
//
// # In the kernel
//
// A program has two maps, arrays of one element: the tables, which are frozen
// and which the program can only read, and the counters. The counters are
// shared between processors and added to atomically, not one for each
// processor: HTB classifies under the qdisc's lock, so nobody contends for
// them, and their size does not grow with the machine. Nothing is pinned: the
// filter holds the program, the program the maps.
//
// Linux 5.3 is needed for loops, and neither BTF nor a JIT compiler. The
// instructions and the calls are written by this package itself: a library for
// eBPF would cost every start of the binary that links it, used or not.
package bpf
