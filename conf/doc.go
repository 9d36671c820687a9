// SPDX-License-Identifier: Apache-2.0

// Package conf reads what the user writes: the conflist entry, the annotations
// and the arguments that come with it, and makes one shape of them. README.md
// lists every key.
//
// Terms:
//
//   - An Impairment is what is done to a packet. It is written as an object
//     of keys or as a string of tc-netem(8)'s words; table params joins the two.
//   - A Direction is an impairment and rules that give some packets another.
//   - A Source is where a value came from: the conflist, an annotation,
//     args.cni, CNI_ARGS, a profile, or the bandwidth capability. All but the
//     conflist speak for somebody else than the administrator, and the Policy
//     bounds what they may ask for.
//   - A Shape is the outcome: which direction of which source holds.
//
// Parsing is pure but for Env.Tables and Env.Profiles, and for SystemTable in its place. The
// package keeps no state and does nothing at start-up.
package conf
