// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"tcni.dev/conf"
	"tcni.dev/pkg/edit"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/preview"
	"tcni.dev/pkg/tc"
)

// errNoInput is said even where standard input is a pipe: as in kubectl, only -
// reads it, since what a script or a cron job leaves open there may never end.
var errNoInput = errors.New("nothing to plan: name a FILE (- is standard input), or give --egress, --ingress, --profile, --annotation or --args")

// planned reads the files and flags as the plugin would.
func (p *process) planned(o planOptions, files []string) (*conf.Conf, error) {
	in := preview.Input{Args: o.args, IfName: o.device, Tables: conf.SystemTable, Profiles: conf.SystemProfiles}
	for i, f := range files {
		read := func() ([]byte, error) { return os.ReadFile(f) }
		if f == "-" {
			read = func() ([]byte, error) { return io.ReadAll(p.in) }
		}
		data, err := read()
		if err == nil {
			err = in.Add(f, data)
		}
		if words := o.unquoted(files[i:]); errors.Is(err, fs.ErrNotExist) && words != "" {
			err = fmt.Errorf("%s is no file: quote the words: %s", f, words)
		}
		if err != nil {
			return nil, usageError{err}
		}
	}
	for key, value := range map[string]string{"egress": o.egress, "ingress": o.ingress, "profile": o.profile} {
		if value != "" {
			in.Annotate("tcni.dev/"+key, value)
		}
	}
	for _, a := range o.annotations {
		key, value, ok := strings.Cut(a, "=")
		if !ok {
			return nil, usagef("--annotation %s: want KEY=VALUE", a)
		}
		in.Annotate(key, value)
	}
	if len(files) == 0 && len(in.Annotations) == 0 && o.args == "" {
		return nil, usageError{errNoInput}
	}
	c, err := in.Conf()
	if err != nil {
		return nil, usageError{err}
	}
	switch conf.Placement(o.placement) {
	case "":
	case conf.PlaceAuto, conf.PlaceContainer, conf.PlaceHost:
		c.Placement = conf.Placement(o.placement)
	default:
		return nil, usagef("--placement %s: want auto, container or host", o.placement)
	}
	return c, nil
}

// unquoted returns the flag that was meant where the shell has taken its words
// apart, as "--egress delay 100ms" or as for set, and "" where they are none.
func (o planOptions) unquoted(files []string) string {
	flag, words := edit.Egress, o.egress
	if words == "" && o.ingress != "" {
		flag, words = edit.Ingress, o.ingress
	}
	if first := files[0]; first == edit.Egress || first == edit.Ingress {
		flag, words, files = first, "", files[1:]
	}
	for n := len(files); n > 0; n-- {
		text := strings.TrimSpace(words + " " + strings.Join(files[:n], " "))
		if _, _, err := conf.ParseDirection(text); err == nil {
			return fmt.Sprintf("--%s '%s'", flag, text)
		}
	}
	return ""
}

// facts are those of a veth on a plain host.
func (o planOptions) facts(c *conf.Conf) plan.Facts {
	f := plan.Facts{Container: plan.Device{Name: o.device, MTU: o.mtu}, IFB: "ifb0", MaxQueue: c.Policy.MaxQueue}
	if !o.noPeer {
		f.Host, f.HostParent = &plan.Device{Name: "veth0", MTU: o.mtu}, tc.HandleRoot
	}
	return f
}
