// SPDX-License-Identifier: Apache-2.0

// Package attach puts a plan into the kernel for one container's interface and
// takes it out again. It is where package plan and package rtnl meet.
//
// Terms:
//
//   - An attachment is one interface of one container in one network; its
//     Identity is (network, container ID, interface), as in the CNI
//     specification.
//   - The mark is an alternative name (ip-link(8), altname) that tells whose a
//     link on the host is. It is derived from the identity, stays on the link
//     whatever becomes of files, and goes when the link goes: DEL and GC find
//     what is ours by it, with no network namespace, no previous result and no
//     record.
//   - The record is a small file that tells people and the companion who is
//     shaped how. Nothing depends on it.
package attach
