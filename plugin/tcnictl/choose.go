// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
)

// selection adds the flags that choose attachments.
func selection(cmd *cobra.Command) *attach.Selection {
	var s attach.Selection
	cmd.Flags().StringVarP(&s.Namespace, "namespace", "n", "", "pods of this namespace only")
	cmd.Flags().StringVar(&s.Network, "network", "", "attachments to this network only")
	cmd.Flags().StringVarP(&s.IfName, "interface", "i", "", "interfaces of this name only")
	return &s
}

// allFlag adds the flag that stands for the names of all recorded attachments.
func allFlag(cmd *cobra.Command, all *bool) {
	cmd.Flags().BoolVar(all, "all", false, "all attachments that something was asked for")
}

// namesOrAll refuses to choose where it was not said what; names need not be
// given where optional is true.
func namesOrAll(names []string, all, optional bool) error {
	switch {
	case all && len(names) > 0:
		return usagef("--all and names contradict each other")
	case !all && !optional && len(names) == 0:
		return usagef("name an attachment, or say --all")
	}
	return nil
}

// choose finds the recorded attachments that are meant.
func (p *process) choose(s *attach.Selection, names []string) ([]attach.Known, error) {
	list, err := p.records.List()
	if err != nil {
		return nil, err
	}
	s.Names = names
	return s.Select(list)
}

// chooseOn finds the attachments that are meant. Who names some means also those
// of containers that nobody has shaped, which libcni's cache knows; of a shaped one,
// the interfaces that are, or the one that is named. Without a name, unshaped says
// whether those that nobody has shaped are meant.
func (p *process) chooseOn(h *attach.Host, s *attach.Selection, names []string, unshaped bool) ([]attach.Known, error) {
	list, err := p.records.ListOn(h)
	if err == nil && (unshaped || len(names) > 0) {
		var more []attach.Known
		more, err = attach.Unshaped(p.cache, list)
		if len(names) > 0 {
			more = beside(list, more, func(ifname string) bool {
				return ifname == s.IfName || slices.ContainsFunc(names, func(name string) bool { return strings.HasSuffix(name, ":"+ifname) })
			})
		}
		list = append(list, more...)
	}
	if err != nil {
		return nil, err
	}
	s.Names = names
	return s.Select(list)
}

// beside returns those of unshaped whose containers are not among shaped, or whose
// interfaces are named.
func beside(shaped, unshaped []attach.Known, named func(ifname string) bool) []attach.Known {
	containers := map[string]bool{}
	for _, k := range shaped {
		containers[k.Record.ContainerID] = true
	}
	return slices.DeleteFunc(unshaped, func(k attach.Known) bool { return containers[k.Record.ContainerID] && !named(k.Record.IfName) })
}

// tellNone says, beside a table, why it is empty.
func (p *process) tellNone(found int, unshaped bool) {
	switch {
	case found > 0:
	case unshaped:
		fmt.Fprintln(p.err, "no attachments: neither tcni nor libcni's cache knows one on this node")
	default:
		fmt.Fprintln(p.err, "no attachments that something was asked for; the others: tcnictl list --unshaped")
	}
}

// chooseAny is chooseOn for verbs that work on one after the other. It returns
// those on which that can be done, and an error for the rest: without a record
// nothing is known of the shape.
func (p *process) chooseAny(s *attach.Selection, names []string, all bool) ([]attach.Known, error) {
	if err := namesOrAll(names, all, false); err != nil {
		return nil, err
	}
	h, err := attach.OpenHost()
	if err != nil {
		return nil, err
	}
	defer h.Close()
	list, err := p.chooseOn(h, s, names, false)
	var errs []error
	list = slices.DeleteFunc(list, func(k attach.Known) bool {
		if k.Err != nil {
			errs = append(errs, strayError{fmt.Errorf("%v: %w", k, k.Err)})
		}
		return k.Err != nil
	})
	return list, errors.Join(append(errs, err)...)
}

// strayError says that an attachment's record cannot be read.
type strayError struct{ error }

func (e strayError) Unwrap() error { return e.error }
