// SPDX-License-Identifier: Apache-2.0

// Package bench measures tcni beside the reference bandwidth plugin and a static
// Go program that does nothing, in one run.
//
// Everything happens on a throw-away node (package lab). Programs are started as
// a runtime starts them, with fork and exec, from a thread that sits in the
// node's namespaces; a sample is the time from before the fork until the program
// has been reaped. What is compared is measured in turns, so that what else the
// machine does hits all alike: trust the ratios, not the times.
//
// Terms:
//
//   - A pod is a container of the node with a veth, as the ptp plugin would leave
//     it, and the previous result that says so.
//   - A call is one execution of a plugin: program, environment and input.
//   - A round is one turn of everything in a group.
//   - The stage is a directory with the binaries under test.
package bench
