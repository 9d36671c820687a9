// SPDX-License-Identifier: Apache-2.0

// Package rtnl puts the values of package tc into the kernel and reads them
// back, over rtnetlink(7). It is the only package that talks rtnetlink.
//
// Terms:
//
//   - A Conn is one netlink socket. A socket belongs to the network namespace
//     in which it was opened, for good: it is opened there and then used from
//     any goroutine of any thread.
//   - A Batch collects steps for the devices of one namespace. Nothing happens
//     before Run, which sends them in as few system calls as the kernel takes.
//   - A chunk is what one system call carries: messages of together at most
//     60 KB. Only its last message asks for an acknowledgement. A message that
//     fails is reported whether it asked or not (netlink_rcv_skb in
//     net/netlink/af_netlink.c), by its sequence number, and the messages
//     after it are carried out all the same.
//   - The extended ack is the kernel's own sentence about an error
//     (NLMSGERR_ATTR_MSG, since 4.12).
//
// Everything that is in the host's byte order, in 64 ns ticks or in 32-bit
// fractions is here; everything that has a unit is in package tc.
package rtnl
