// SPDX-License-Identifier: Apache-2.0

// Package protocol is the boundary between a container runtime and a plugin:
// parameters in the environment, a configuration on standard input, a verb to
// call, an error as a document (CNI SPEC 1.1.0, "Execution Protocol").
//
// It stands in for package skel of the CNI library, and its test holds it to
// that package. That decodes the configuration twice with package json, whose
// first look at a type is slow, and looks at the network namespace when all is
// done: an ADD takes a tenth longer with it.
package protocol
