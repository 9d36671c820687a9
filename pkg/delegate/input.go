// SPDX-License-Identifier: Apache-2.0

package delegate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/containernetworking/cni/pkg/version"
)

// legacyVersion is that of a configuration that does not say (CNI SPEC 0.1.0).
const legacyVersion = "0.1.0"

// Input is what the delegate's configuration is made of: the plugin's own
// configuration, as the runtime gave it.
type Input struct {
	Type    string // of the delegate
	Version string // what the delegate's results are to be of
	Asked   string // what ours are to be of
	outer   object
	own     object
}

type object map[string]json.RawMessage

// Read reads the plugin's own configuration from stdin, with "delegate" in it.
func Read(stdin []byte) (*Input, error) {
	in := &Input{}
	if err := json.Unmarshal(stdin, &in.outer); err != nil {
		return nil, fmt.Errorf("delegate: %w", err)
	}
	if err := json.Unmarshal(in.outer["delegate"], &in.own); err != nil {
		return nil, fmt.Errorf("delegate: %w", err)
	}
	in.Type = in.own.text("type")
	if in.Type == "" || strings.ContainsRune(in.Type, '/') {
		return nil, fmt.Errorf("delegate: type: %q is not the name of a plugin", in.Type)
	}
	in.Asked = in.outer.version(legacyVersion)
	in.Version = in.own.version(in.Asked)
	return in, nil
}

func (o object) text(key string) (s string) {
	if json.Unmarshal(o[key], &s) != nil {
		return ""
	}
	return s
}

func (o object) version(fallback string) string {
	if v := o.text("cniVersion"); v != "" {
		return v
	}
	return fallback
}

// AtLeast tells whether the delegate speaks the version that a verb came with.
func (in *Input) AtLeast(v string) bool {
	ok, err := version.GreaterThanOrEqualTo(in.Version, v)
	return err == nil && ok
}

// passedOn are the keys that a runtime adds for one call, and that are not the
// administrator's. They are the delegate's as much as ours.
var passedOn = [...]string{"cni.dev/valid-attachments", "cni.dev/attachments"}

// Stdin is the delegate's configuration for one call, made as libcni makes it
// of a conflist's entry: name and cniVersion are ours where it has none,
// runtimeConfig holds the capabilities that it lists. The result of ADD goes
// with CHECK and DEL; nil: there is none.
func (in *Input) Stdin(prevResult []byte) ([]byte, error) {
	conf := object{}
	for key, v := range in.own {
		conf[key] = v
	}
	for _, key := range [...]string{"name", "cniVersion"} {
		if in.own.text(key) == "" && in.outer[key] != nil {
			conf[key] = in.outer[key]
		}
	}
	for _, key := range passedOn {
		if v := in.outer[key]; v != nil {
			conf[key] = v
		}
	}
	conf.set("args", in.args())
	conf.set("runtimeConfig", in.capabilities())
	if prevResult != nil {
		conf["prevResult"] = prevResult
	}
	return json.Marshal(conf)
}

// set puts a value in place, unless there is none.
func (o object) set(key string, v object) {
	if len(v) == 0 {
		return
	}
	o[key], _ = json.Marshal(v) // raw messages that were read can be written
}

// capabilities are the arguments that the delegate lists as its capabilities.
func (in *Input) capabilities() object {
	var lists map[string]bool
	var given object
	if json.Unmarshal(in.own["capabilities"], &lists) != nil || json.Unmarshal(in.outer["runtimeConfig"], &given) != nil {
		return nil
	}
	config := object{}
	for name, on := range lists {
		if v, ok := given[name]; ok && on {
			config[name] = v
		}
	}
	return config
}

// args are those of the configuration (Multus and podman write "args"), but for
// our own; what the delegate has itself stays.
func (in *Input) args() object {
	var args, cni object
	if in.own["args"] != nil || json.Unmarshal(in.outer["args"], &args) != nil {
		return nil
	}
	if json.Unmarshal(args["cni"], &cni) == nil && cni["tcni"] != nil {
		delete(cni, "tcni")
		delete(args, "cni")
		args.set("cni", cni)
	}
	return args
}

// PrevResult is the result that the runtime gives back to CHECK and DEL, in the
// delegate's version; nil where there is none.
func (in *Input) PrevResult() ([]byte, error) {
	prev := bytes.TrimSpace(in.outer["prevResult"])
	if len(prev) == 0 || string(prev) == "null" {
		return nil, nil
	}
	return Convert(prev, in.Asked, in.Version)
}
