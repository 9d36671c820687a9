// SPDX-License-Identifier: Apache-2.0

package preview

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// templates are where an object has the template of its pods: a CronJob, and all
// others.
var templates = [][]string{{"spec", "jobTemplate", "spec", "template"}, {"spec", "template"}}

// addPod takes the annotations that a pod gets from an object.
func (in *Input) addPod(file string, object map[string]any) error {
	pod := object
	for _, path := range templates {
		if template := at(object, path...); template != nil {
			in.warnMisplaced(file, object, path)
			pod = template
			break
		}
	}
	if at(pod, "metadata") == nil && at(object, "metadata") == nil {
		return errUnknown
	}
	annotations := at(pod, "metadata", "annotations")
	if slices.ContainsFunc(slices.Collect(maps.Keys(annotations)), counts) {
		if in.annotated != "" {
			return fmt.Errorf("two objects with annotations (%s, %s): plan one at a time, from a file of its own", in.annotated, called(object))
		}
		in.annotated = called(object)
	}
	for key, v := range annotations {
		text, ok := v.(string)
		if !ok {
			return fmt.Errorf("annotation %s: want a string, got %v", key, v)
		}
		in.Annotate(key, text)
	}
	return nil
}

// warnMisplaced tells which annotations stand on the way to the template, of a
// Deployment or of a CronJob's Job, and not in it.
func (in *Input) warnMisplaced(file string, object map[string]any, path []string) {
	for i := range path {
		on := strings.Join(path[:i], ".")
		if i == 0 {
			on = fmt.Sprintf("the %v", object["kind"])
		}
		for _, key := range slices.Sorted(maps.Keys(at(at(object, path[:i]...), "metadata", "annotations"))) {
			if counts(key) {
				in.warnings = append(in.warnings, fmt.Sprintf("%s: %s stands on %s, where no pod gets it: put it under %s.metadata.annotations",
					file, key, on, strings.Join(path, ".")))
			}
		}
	}
}

// counts tells whether an annotation says anything of the network's shape.
func counts(annotation string) bool {
	return isOurs(annotation) || annotation == networksAnnotation ||
		annotation == bandwidthAnnotation("egress") || annotation == bandwidthAnnotation("ingress")
}

// at returns what stands under a path of keys; nil where that is no object.
func at(object map[string]any, path ...string) map[string]any {
	for _, key := range path {
		object, _ = object[key].(map[string]any)
	}
	return object
}

// called names an object for people.
func called(object map[string]any) string {
	var words []string
	for _, v := range []any{object["kind"], at(object, "metadata")["name"]} {
		if text, ok := v.(string); ok && text != "" {
			words = append(words, text)
		}
	}
	if len(words) == 0 {
		return "one without a name"
	}
	return strings.Join(words, " ")
}
