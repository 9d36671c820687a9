// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"strings"
)

// readDelegate keeps the configuration of the plugin that is to be called. It
// is that plugin's to judge.
func (p *parser) readDelegate(v value) error {
	if v[0] != '{' {
		return fmt.Errorf("want an object, got %s", v.what())
	}
	kind := member(v, "type").str()
	if kind == "" {
		return errors.New("type is missing")
	}
	if strings.ContainsRune(kind, '/') {
		return fmt.Errorf("type: %q is not the name of a plugin", kind)
	}
	p.conf.Delegate = v.raw()
	return nil
}

// readTarget reads which interface is to be shaped where the runtime names
// another, which the network does not make.
func (p *parser) readTarget(v value) error {
	name, ok := v.text()
	if !ok {
		return fmt.Errorf("want a string, got %s", v.what())
	}
	if err := checkIfName(name); err != nil {
		return err
	}
	p.conf.Target = name
	switch {
	case p.top.delegate.present():
		return errors.New("excludes delegate: the delegate's interface is the one that is shaped")
	case p.conf.ExemptNode:
		return errors.New("excludes exemptNode: no result says which addresses the interface has")
	}
	return nil
}

// checkIfName holds a name to what the kernel takes (dev_valid_name in
// net/core/dev.c).
func checkIfName(name string) error {
	if name == "" || name == "." || name == ".." || len(name) > 15 || strings.ContainsAny(name, "/: \t\n\v\f\r") {
		return fmt.Errorf("%q is not an interface's name", name)
	}
	return nil
}

// ifName is the interface that is shaped.
func (p *parser) ifName() string {
	if p.conf.Target != "" {
		return p.conf.Target
	}
	return p.env.IfName
}
