// SPDX-License-Identifier: Apache-2.0

package main

import "strings"

// need is what a test needs of the kernel. It is the beginning of the test's
// name, and the tests hold each other to that (needNetem in e2e/suite).
type need string

const (
	needNothing need = "Test"
	needNetem   need = "TestNetem"
	needNoNetem need = "TestWithoutNetem"
)

func needOf(test string) need {
	for _, n := range []need{needNetem, needNoNetem} {
		if strings.HasPrefix(test, string(n)) {
			return n
		}
	}
	return needNothing
}

// place is where tests run together.
type place struct {
	vm      bool
	noNetem bool // in the virtual machine: keep the kernel from loading netem
	tests   []string
}

func (p place) String() string {
	switch {
	case p.noNetem:
		return "in a virtual machine that may not load netem"
	case p.vm:
		return "in a virtual machine"
	}
	return "on this machine's kernel"
}

// assign says which test runs where. A virtual machine always has netem, and
// can be kept from loading it.
func assign(tests []string, allInVM, machineHasNetem bool) []place {
	places := []place{{}, {vm: true}, {vm: true, noNetem: true}}
	for _, t := range tests {
		p := &places[0]
		switch n := needOf(t); {
		case n == needNetem && (allInVM || !machineHasNetem):
			p = &places[1]
		case n == needNoNetem && (allInVM || machineHasNetem):
			p = &places[2]
		case allInVM:
			p = &places[1]
		}
		p.tests = append(p.tests, t)
	}
	var used []place
	for _, p := range places {
		if len(p.tests) > 0 {
			used = append(used, p)
		}
	}
	return used
}
