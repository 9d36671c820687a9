// SPDX-License-Identifier: Apache-2.0

// Package scenario plays shapes on a timeline.
//
//	name: subway
//	steps:
//	- name: street
//	  for: 10s
//	  both: rate 20mbit delay 30ms
//	- name: into the tunnel
//	  ramp: 3s
//	  both: rate 1mbit delay 200ms
//	- name: tunnel
//	  for: 5s
//	  both: loss 100%
//	- repeat: 3
//	  steps:
//	  - {for: 1s, profile: lte}
//	  - {for: 1s, target: web, rule: payments, egress: delay 300ms}
//	- {for: 60s, trace: {ingress: downlink.trace, egress: uplink.csv}}
//	- goto: street
//
// Terms:
//
//   - A Step asks for something and lasts for a time. What it does not speak of
//     stays as it was.
//   - An Event is what is to be done at one moment: a step has one, a ramp or a
//     trace many. Events come in order; there may be no last one.
//   - A Target is what a scenario is played on. A step is for all of them, or
//     for those that it names.
//   - A trace is what a link carried over time, as measured: a packet-delivery
//     trace of mahimahi's, or a table.
package scenario
