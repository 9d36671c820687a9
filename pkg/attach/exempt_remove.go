// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"strings"

	"github.com/coreos/go-iptables/iptables"
)

// removeExemption takes the chain and what leads to it away.
func removeExemption(m Mark) error {
	var errs []error
	for _, proto := range protocols {
		t, err := iptables.NewWithProtocol(proto)
		if err != nil {
			continue // it is not there, or cannot even tell its version: nothing was made with it
		}
		if err := removeChain(t, chain(m)); err != nil {
			errs = append(errs, fmt.Errorf("%w: %w", ErrExempt, err))
		}
	}
	return errors.Join(errs...)
}

func removeChain(t *iptables.IPTables, name string) error {
	rules, err := t.List(table, hook)
	if err != nil {
		return err
	}
	for _, rule := range rules {
		words := strings.Fields(rule) // "-A OUTPUT -d 10.1.0.2/32 -j NAME"
		if len(words) > 2 && words[len(words)-1] == name {
			if err := t.Delete(table, hook, words[2:]...); err != nil {
				return err
			}
		}
	}
	present, err := t.ChainExists(table, name)
	if err != nil || !present {
		return err
	}
	return t.ClearAndDeleteChain(table, name)
}
