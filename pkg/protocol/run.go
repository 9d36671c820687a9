// SPDX-License-Identifier: Apache-2.0

package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/containernetworking/cni/pkg/types"
	"github.com/containernetworking/cni/pkg/version"

	"tcni.dev/conf"
)

// Process is what is outside of the plugin.
type Process struct {
	Getenv         func(string) string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Plugin is what can be called.
type Plugin struct {
	Add, Check, Del, GC, Status func(*Args) error

	Versions []string // of the specification, in their order
	About    string   // printed where nothing is asked for
}

// verb is a command that reads a configuration.
type verb struct {
	name  string
	since string // the version of the specification that brought it; "": all have it
	of    func(*Plugin) func(*Args) error
	own   when // it looks whether the namespace is the one that the plugin is in
}

// when something is done.
type when int

const (
	never when = iota
	before
	after
)

// verbs: ADD must not begin what DEL has to take back in any case.
var verbs = [...]verb{
	{"ADD", "", func(p *Plugin) func(*Args) error { return p.Add }, before},
	{"DEL", "", func(p *Plugin) func(*Args) error { return p.Del }, after},
	{"CHECK", "0.4.0", func(p *Plugin) func(*Args) error { return p.Check }, never},
	{"GC", "1.1.0", func(p *Plugin) func(*Args) error { return p.GC }, never},
	{"STATUS", "1.1.0", func(p *Plugin) func(*Args) error { return p.Status }, never},
}

// Run calls the verb that the environment names. An error is to be printed as a
// document, and the process to fail.
func (p *Plugin) Run(out Process) *types.Error {
	command := out.Getenv("CNI_COMMAND")
	switch command {
	case "":
		fmt.Fprintf(out.Stderr, "%s\nCNI protocol versions supported: %s\n", p.About, strings.Join(p.Versions, ", "))
		return nil
	case "VERSION":
		return p.printVersion(out.Stdout)
	}
	args, failed := readArgs(command, out.Getenv)
	if failed != nil {
		return failed
	}
	var err error
	if args.StdinData, err = io.ReadAll(out.Stdin); err != nil {
		return types.NewError(types.ErrIOFailure, fmt.Sprintf("error reading from stdin: %v", err), "")
	}
	id, failed := identify(args.StdinData)
	if failed != nil {
		return failed
	}
	for _, v := range verbs {
		if v.name == command {
			return p.call(v, id, args, out.Getenv("CNI_NETNS_OVERRIDE"))
		}
	}
	return types.NewError(types.ErrInvalidEnvironmentVariables, fmt.Sprintf("unknown CNI_COMMAND: %v", command), "")
}

func (p *Plugin) printVersion(w io.Writer) *types.Error {
	err := json.NewEncoder(w).Encode(struct {
		Current   string   `json:"cniVersion"`
		Supported []string `json:"supportedVersions"`
	}{version.Current(), p.Versions})
	if err != nil {
		return types.NewError(types.ErrIOFailure, err.Error(), "")
	}
	return nil
}

// identify reads the network's name and the version.
func identify(stdin []byte) (conf.Identity, *types.Error) {
	id, err := conf.ParseIdentity(stdin)
	var wrong *conf.Error
	switch {
	case errors.As(err, &wrong) && wrong.Path != "":
		return id, types.NewError(types.ErrInvalidNetworkConfig, err.Error(), "")
	case err != nil:
		return id, types.NewError(types.ErrDecodingFailure, err.Error(), "")
	case !isName(id.Name):
		return id, types.NewError(types.ErrInvalidNetworkConfig, "invalid characters found in network name", id.Name)
	case id.CNIVersion == "":
		id.CNIVersion = "0.1.0" // which did not have the key
	}
	return id, nil
}

// call calls a verb if the configuration's version has it.
func (p *Plugin) call(v verb, id conf.Identity, args *Args, override string) *types.Error {
	if err := p.allows(v, id.CNIVersion); err != nil {
		return err
	}
	override = strings.ToUpper(override)
	var own, err error
	if v.own != never && override != "TRUE" && override != "1" {
		own = args.CheckNetns()
	}
	if own == nil || v.own == after {
		err = v.of(p)(args)
	}
	if err == nil {
		err = own
	}
	var known *types.Error
	switch {
	case errors.As(err, &known):
		return known
	case err != nil:
		return types.NewError(types.ErrInternal, err.Error(), "")
	}
	return nil
}

func (p *Plugin) allows(v verb, asked string) *types.Error {
	if v.since != "" {
		has, err := version.GreaterThanOrEqualTo(asked, v.since)
		if err != nil {
			return types.NewError(types.ErrDecodingFailure, err.Error(), "")
		}
		if !has {
			return types.NewError(types.ErrIncompatibleCNIVersion, "config version does not allow "+v.name, "")
		}
	}
	for _, known := range p.Versions {
		if known == asked {
			return nil
		}
	}
	return types.NewError(types.ErrIncompatibleCNIVersion, "incompatible CNI versions",
		fmt.Sprintf("config is %q, plugin supports %q", asked, p.Versions))
}
