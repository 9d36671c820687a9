// SPDX-License-Identifier: Apache-2.0

// Package model says in plain Go which route takes a packet, and makes routes
// and packets by chance. Every classifier is tested against it.
//
// The meaning of a match:
//
//   - The remote end is the destination of a packet that leaves the container
//     (egress), the source of one that arrives; the local end is the other one.
//   - Only IPv4 and IPv6 packets without a VLAN tag are taken, and only if the
//     fixed header is complete.
//   - The protocol of an IPv6 packet is that after the extension headers
//     (hop-by-hop, routing, destination options, fragment, AH). Where they
//     cannot be followed, since the packet ends, since it is a fragment other
//     than the first, or since there are more than eight, it is the number of
//     the header that is next.
//   - ICMP is a protocol of IPv4 alone, ICMPv6 of IPv6 alone.
//   - TCP, UDP, SCTP, DCCP and UDP-Lite have ports: not in a fragment other
//     than the first, and not if the packet ends before them. A match with
//     ports takes no packet without them; with ports and no protocols it takes
//     TCP, UDP and SCTP.
//
// A line of u32 nodes differs: it finds no ports behind IPv4 options or IPv6
// extension headers, sees an extension header as the protocol, and a key that is
// beyond a packet's end ends the search.
package model
