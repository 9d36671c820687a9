// SPDX-License-Identifier: Apache-2.0

// Package fidelity measures whether the network that was asked for is the
// network that is there: real traffic through real attachments, tcni's and
// plain netem's side by side.
//
// Terms:
//
//   - A case is a shape in the words of the annotation, plain netem's words for
//     the same (what stands after `tc qdisc add dev eth0 root netem`), and a
//     measurement that yields readings. A family is a table of cases.
//   - A reading is one measured quantity beside what was asked: a range of
//     values that are right, and the interval that the measurement leaves for
//     the true value. It is right where the two overlap.
//   - A variant is what carries the shape out: tcni, netem (plain netem as root
//     qdisc of the interface), or bare (nothing, to know what the path adds).
//   - A link is one attachment of a variant, with a remote end (a world) behind
//     the node.
//
// Statistics: an interval has the confidence [Confidence], 99.9 %. A run has
// some hundred readings with chance in them: one in ten runs would raise a
// false alarm. So a case of tcni's that fails is measured a second time, from a
// new attachment and with new random numbers, and fails only if it fails again:
// one false alarm in some ten thousand runs. Both measurements are in the
// report. A defect that is larger than the interval fails both times.
package fidelity
