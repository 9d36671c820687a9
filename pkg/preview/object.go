// SPDX-License-Identifier: Apache-2.0

package preview

import (
	"bytes"
	"errors"
	"fmt"
	"maps"

	"sigs.k8s.io/yaml"
)

// Add takes the documents of a file, in JSON or YAML: a conflist, one entry of
// it, a NetworkAttachmentDefinition, or anything with annotations: a Pod, or what
// has a template of one.
//
// A file without any is an error: what was to write it has failed. So is a second
// configuration, or a second object with annotations that count: no container
// would get both.
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
		if err := in.addObject(name, object); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

var errUnknown = errors.New(`want a conflist, an entry with "type", or an object with metadata.annotations`)

func (in *Input) addObject(file string, object map[string]any) error {
	if items, ok := object["items"].([]any); ok {
		if len(items) != 1 {
			return fmt.Errorf("a list of %d objects: want one", len(items))
		}
		object, _ = items[0].(map[string]any)
	}
	switch object["kind"] {
	case nil:
	case "NetworkAttachmentDefinition":
		return in.addNetwork(object)
	default:
		return in.addPod(file, object)
	}
	if plugins, ok := object["plugins"].([]any); ok {
		return in.addConflist(object, plugins)
	}
	if _, ok := object["type"]; ok {
		return in.setEntry(object)
	}
	return in.addPod(file, object)
}

func (in *Input) addConflist(list map[string]any, plugins []any) error {
	for _, p := range plugins {
		entry, _ := p.(map[string]any)
		if entry["type"] != pluginType {
			continue
		}
		entry = maps.Clone(entry)
		for _, key := range []string{"name", "cniVersion"} { // as libcni does
			if v, ok := list[key]; ok {
				entry[key] = v
			}
		}
		return in.setEntry(entry)
	}
	return fmt.Errorf("no plugin in the list has the type %s", pluginType)
}

func (in *Input) setEntry(entry map[string]any) error {
	if in.entry != nil {
		return errors.New("a second configuration: plan one at a time")
	}
	in.entry = entry
	return nil
}
