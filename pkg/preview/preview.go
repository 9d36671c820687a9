// SPDX-License-Identifier: Apache-2.0

// Package preview puts together what a runtime would hand to the plugin, from a
// conflist and a pod's manifest: what is planned from it is what ADD would make.
package preview

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"sigs.k8s.io/yaml"

	"tcni.dev/conf"
)

// pluginType is the entry of a conflist that is ours.
const pluginType = "tcni"

const (
	annotationsCapability = "io.kubernetes.cri.pod-annotations"
	bandwidthCapability   = "bandwidth"
)

// Input is what there is of a conflist and a pod.
type Input struct {
	entry       map[string]any // of the conflist; nil: one with both capabilities
	Annotations map[string]string
	Args        string // CNI_ARGS
	IfName      string
	Tables      func(name string) ([]byte, error) // see conf.Env
	Profiles    func() ([]conf.Profile, error)    // the same
	warnings    []string
}

// Add takes the documents of a file, in JSON or YAML: a conflist, one entry of
// it, or anything with annotations: a Pod, or what has a template of one.
//
// A file without any is an error: what was to write it has failed.
func (in *Input) Add(name string, data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return fmt.Errorf("%s is empty: %w", name, errUnknown)
	}
	for _, doc := range bytes.Split(append([]byte("\n"), data...), []byte("\n---")) {
		if len(bytes.TrimSpace(doc)) == 0 {
			continue
		}
		var object map[string]any
		if err := yaml.Unmarshal(doc, &object); err != nil {
			return fmt.Errorf("%s: neither JSON nor YAML: %w", name, err)
		}
		if err := in.addObject(object); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

var errUnknown = errors.New(`want a conflist, an entry with "type", or an object with metadata.annotations`)

func (in *Input) addObject(object map[string]any) error {
	if plugins, ok := object["plugins"].([]any); ok {
		return in.addConflist(object, plugins)
	}
	if _, ok := object["type"]; ok {
		in.entry = object
		return nil
	}
	if items, ok := object["items"].([]any); ok {
		return fmt.Errorf("a list of %d objects: want one", len(items))
	}
	spec, _ := object["spec"].(map[string]any)
	template, _ := spec["template"].(map[string]any)
	if template == nil {
		template = object
	}
	metadata, ok := template["metadata"].(map[string]any)
	if !ok {
		return errUnknown
	}
	annotations, _ := metadata["annotations"].(map[string]any)
	for key, v := range annotations {
		text, ok := v.(string)
		if !ok {
			return fmt.Errorf("annotation %s: want a string, got %v", key, v)
		}
		in.Annotate(key, text)
	}
	return nil
}

func (in *Input) addConflist(list map[string]any, plugins []any) error {
	for _, p := range plugins {
		entry, _ := p.(map[string]any)
		if entry["type"] != pluginType {
			continue
		}
		in.entry = maps.Clone(entry)
		for _, key := range []string{"name", "cniVersion"} { // as libcni does
			if v, ok := list[key]; ok {
				in.entry[key] = v
			}
		}
		return nil
	}
	return fmt.Errorf("no plugin in the list has the type %s", pluginType)
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
		} else {
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
