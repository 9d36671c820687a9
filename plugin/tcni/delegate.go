// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/conf"
	"tcni.dev/pkg/delegate"
	"tcni.dev/pkg/protocol"
)

// argsPrefix begins the keys of CNI_ARGS that are ours.
const argsPrefix = "TCNI_"

// delegation is the plugin that makes the interface, where we call it.
type delegation struct {
	*delegate.Input
	plugin delegate.Plugin
}

func (p process) delegation(args *protocol.Args) (*delegation, error) {
	in, err := delegate.Read(args.StdinData)
	if err != nil {
		return nil, types.NewError(types.ErrInvalidNetworkConfig, err.Error(), "")
	}
	file, err := delegate.Find(in.Type, args.Path)
	if err != nil {
		return nil, err
	}
	stripped := delegate.StripArgs(args.Args, argsPrefix)
	return &delegation{in, delegate.Plugin{Type: in.Type, File: file, Args: stripped, Stderr: p.stderr}}, nil
}

// call runs the delegate for a verb, with the result of its ADD where there is
// one.
func (d *delegation) call(verb string, prevResult []byte) ([]byte, error) {
	stdin, err := d.Stdin(prevResult)
	if err != nil {
		return nil, err
	}
	return d.plugin.Call(verb, stdin)
}

// addDelegate has the delegate make the interface, and shapes it. On an error
// the delegate is asked to take it back: rkt, for which this is, sends no DEL
// after an ADD that failed.
func (p process) addDelegate(args *protocol.Args, c *conf.Conf) error {
	if len(c.PrevResult) > 0 {
		return types.NewError(types.ErrInvalidNetworkConfig, "delegate: there is a prevResult: a plugin of the chain has made the interface", "")
	}
	// The delegate would find this out only when it is done.
	if err := args.CheckNetns(); err != nil {
		return err
	}
	d, err := p.delegation(args)
	if err != nil {
		return err
	}
	printed, err := d.call("ADD", nil)
	if err != nil {
		return d.takeBack(err, nil)
	}
	result, err := p.shapeResult(args, c, d, printed)
	if err == nil {
		err = p.print(result, args, c)
	}
	if err != nil {
		return d.takeBack(err, printed)
	}
	return nil
}

// shapeResult shapes what the delegate made, and returns its result in the
// version that the runtime asked for.
func (p process) shapeResult(args *protocol.Args, c *conf.Conf, d *delegation, printed []byte) (result []byte, err error) {
	if result, err = delegate.Convert(printed, d.Version, d.Asked); err != nil {
		return nil, err
	}
	if c.ExemptNode { // the addresses are read in the newest form
		if c.PrevResult, err = delegate.Convert(printed, d.Version, delegate.Newest); err != nil {
			return nil, err
		}
	}
	return result, p.shape(args, c)
}

// takeBack undoes the delegate's part of an ADD that failed with err.
func (d *delegation) takeBack(err error, printed []byte) error {
	if !d.AtLeast("0.4.0") {
		printed = nil // DEL gets no result before that
	}
	if _, undo := d.call("DEL", printed); undo != nil {
		return fmt.Errorf("%w; and taking it back: %v", err, undo) // the code is that of the first
	}
	return err
}

// since is the version in which a verb came.
func since(verb string) string {
	switch verb {
	case "CHECK":
		return "0.4.0"
	case "GC", "STATUS":
		return "1.1.0"
	}
	return "0.1.0"
}

// passOn runs another verb than ADD, if the delegate has it.
func (p process) passOn(verb string, args *protocol.Args) error {
	d, err := p.delegation(args)
	if err != nil {
		return err
	}
	if !d.AtLeast(since(verb)) {
		return nil
	}
	var prev []byte
	if verb == "CHECK" || verb == "DEL" && d.AtLeast("0.4.0") {
		if prev, err = d.PrevResult(); err != nil && verb == "CHECK" {
			return err
		}
	}
	_, err = d.call(verb, prev)
	return err
}

// both reports two errors as one line, with the code of the first.
func both(first, second error) error {
	switch {
	case first == nil:
		return second
	case second == nil:
		return first
	}
	return fmt.Errorf("%w; and %v", first, second)
}
