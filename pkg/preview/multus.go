// SPDX-License-Identifier: Apache-2.0

package preview

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// networksAnnotation names the networks that Multus adds to a pod (Kubernetes
// Network Custom Resource Definition De-facto Standard, 4.1), in JSON or as a
// list of names, which have no arguments.
const networksAnnotation = "k8s.v1.cni.cncf.io/networks"

// addNetwork takes the configuration out of a NetworkAttachmentDefinition.
func (in *Input) addNetwork(object map[string]any) error {
	text, _ := at(object, "spec")["config"].(string)
	if text == "" {
		return errors.New("NetworkAttachmentDefinition: no spec.config: name the file in Multus' directory that has it")
	}
	var config map[string]any
	if err := json.Unmarshal([]byte(text), &config); err != nil {
		return fmt.Errorf("NetworkAttachmentDefinition: spec.config: %w", err)
	}
	add := in.setEntry
	if plugins, ok := config["plugins"].([]any); ok {
		add = func(config map[string]any) error { return in.addConflist(config, plugins) }
	}
	if err := add(config); err != nil {
		return err
	}
	in.network, _ = at(object, "metadata")["name"].(string)
	return nil
}

// readNetworks gives the entry the cni-args that the pod has for its network, as
// Multus does, and tells which it does not read.
func (in *Input) readNetworks(entry map[string]any) error {
	text := in.Annotations[networksAnnotation]
	if !strings.HasPrefix(strings.TrimSpace(text), "[") {
		return nil
	}
	var networks []struct {
		Name string         `json:"name"`
		Args map[string]any `json:"cni-args"`
	}
	if err := json.Unmarshal([]byte(text), &networks); err != nil {
		return fmt.Errorf("annotation %s: %w", networksAnnotation, err)
	}
	for _, n := range networks {
		switch _, ours := n.Args[pluginType]; {
		case !ours:
		case n.Name == in.network && in.network != "":
			args := maps.Clone(at(entry, "args"))
			if args == nil {
				args = map[string]any{}
			}
			args["cni"] = n.Args
			entry["args"] = args
		default:
			in.warnings = append(in.warnings, fmt.Sprintf("annotation %s: the cni-args of %s are not read: name its NetworkAttachmentDefinition, too, and no other", networksAnnotation, n.Name))
		}
	}
	return nil
}
