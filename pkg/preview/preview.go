// SPDX-License-Identifier: Apache-2.0

// Package preview puts together what a runtime would hand to the plugin, from a
// conflist and a pod's manifest: what is planned from it is what ADD would make.
package preview

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tcni.dev/conf"
)

// pluginType is the entry of a conflist that is ours.
const pluginType = "tcni"

const (
	annotationPrefix      = "tcni.dev/"
	annotationsCapability = "io.kubernetes.cri.pod-annotations"
	bandwidthCapability   = "bandwidth"
)

// Input is what there is of a conflist and a pod.
type Input struct {
	entry       map[string]any // of the conflist; nil: one with both capabilities
	network     string         // what Multus calls it
	annotated   string         // the object that annotations are from
	Annotations map[string]string
	Args        string // CNI_ARGS
	IfName      string
	Tables      func(name string) ([]byte, error) // see conf.Env
	Profiles    func() ([]conf.Profile, error)    // the same
	warnings    []string
}

// Annotate adds an annotation.
func (in *Input) Annotate(key, value string) {
	if in.Annotations == nil {
		in.Annotations = map[string]string{}
	}
	in.Annotations[key] = value
}

// Conf reads it as the plugin would. What a runtime would not pass on is not
// used, with a warning.
func (in *Input) Conf() (*conf.Conf, error) {
	entry := maps.Clone(in.entry)
	if entry == nil {
		entry = map[string]any{"type": pluginType, "capabilities": map[string]any{annotationsCapability: true, bandwidthCapability: true}}
	}
	if _, ok := entry["name"]; !ok {
		entry["name"] = "preview"
	}
	if err := in.checkArgs(); err != nil {
		return nil, err
	}
	in.warnElsewhere()
	if err := in.readNetworks(entry); err != nil {
		return nil, err
	}
	runtime, err := in.runtimeConfig(entry)
	if err != nil {
		return nil, err
	}
	if len(runtime) > 0 {
		entry["runtimeConfig"] = runtime
	}
	data, err := json.Marshal(entry)
	if err != nil {
		return nil, err
	}
	c, err := conf.Parse(data, conf.Env{Args: in.Args, IfName: in.IfName, Tables: in.Tables, Profiles: in.Profiles})
	if err == nil {
		c.Warnings = append(in.warnings, c.Warnings...)
	}
	return c, err
}

// checkArgs refuses what a runtime would not write. The plugin passes over it.
func (in *Input) checkArgs() error {
	for pair := range strings.SplitSeq(in.Args, ";") {
		if strings.TrimSpace(pair) != "" && !strings.Contains(pair, "=") {
			return fmt.Errorf("CNI_ARGS: %q is not KEY=VALUE", pair)
		}
	}
	return nil
}

func isOurs(annotation string) bool { return strings.HasPrefix(annotation, annotationPrefix) }

// warnElsewhere tells which annotations are for another interface than this.
func (in *Input) warnElsewhere() {
	for _, key := range slices.Sorted(maps.Keys(in.Annotations)) {
		name, ours := strings.CutPrefix(key, annotationPrefix)
		_, ifName, named := strings.Cut(name, ".")
		if ours && named && ifName != in.IfName {
			in.warnings = append(in.warnings, fmt.Sprintf("annotation %s is for %s, and this plan for %s (--interface)", key, ifName, in.IfName))
		}
	}
}

// runtimeConfig is what a runtime makes of the annotations, for the capabilities
// that the entry declares.
func (in *Input) runtimeConfig(entry map[string]any) (map[string]any, error) {
	runtime, _ := entry["runtimeConfig"].(map[string]any)
	runtime = maps.Clone(runtime)
	if runtime == nil {
		runtime = map[string]any{}
	}
	declared, _ := entry["capabilities"].(map[string]any)
	if len(in.Annotations) > 0 {
		if declared[annotationsCapability] == true {
			runtime[annotationsCapability] = in.Annotations
		} else if slices.ContainsFunc(slices.Collect(maps.Keys(in.Annotations)), isOurs) {
			in.warnings = append(in.warnings, fmt.Sprintf("the entry does not declare the capability %s: a runtime passes no annotations", annotationsCapability))
		}
	}
	limits, err := bandwidth(in.Annotations)
	if err != nil || len(limits) == 0 {
		return runtime, err
	}
	if declared[bandwidthCapability] == true {
		runtime[bandwidthCapability] = limits
	} else {
		in.warnings = append(in.warnings, fmt.Sprintf("the entry does not declare the capability %s: a runtime passes no limits", bandwidthCapability))
	}
	return runtime, nil
}
