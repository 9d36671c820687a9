// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"strings"

	"tcni.dev/internal/suggest"
)

const (
	// annotationsCapability is how containerd and CRI-O name the pod's
	// annotations in runtimeConfig.
	annotationsCapability = "io.kubernetes.cri.pod-annotations"
	annotationPrefix      = "tcni.dev/"
)

// annotation is one of ours; it may be for another interface.
type annotation struct {
	key    string // whole
	name   string // egress, ingress, profile
	ifName string // "" for every interface
	value  value
}

// readAnnotations reads the pod's annotations that are ours.
func (p *parser) readAnnotations(l *layer) error {
	all := member(p.top.runtimeConfig, annotationsCapability)
	if !all.present() || all[0] != '{' {
		return nil
	}
	var ours []annotation
	for key, v := range all.members() {
		name, isOurs := strings.CutPrefix(key, annotationPrefix)
		if !isOurs {
			continue
		}
		if p.skip(p.conf.Policy.Annotations, "annotation "+key, "annotations") {
			return nil
		}
		a := annotation{key: key, name: name, value: v}
		if err := a.split(); err != nil {
			return p.reader("annotation " + key).wrap(err)
		}
		if a.ifName == "" || a.ifName == p.ifName() {
			ours = append(ours, a)
		}
	}
	for _, name := range layerKeys() {
		if err := p.readAnnotation(l, pick(ours, name)); err != nil {
			return err
		}
	}
	return nil
}

// split takes the interface's name off the key.
func (a *annotation) split() error {
	name, ifName, hasIf := strings.Cut(a.name, ".")
	if hasIf && (ifName == "" || len(ifName) > 15) { // IFNAMSIZ with its zero
		return fmt.Errorf("%q is not an interface's name", ifName)
	}
	known := layerKeys()
	for _, k := range known {
		if name == k {
			a.name, a.ifName = name, ifName
			return nil
		}
	}
	for i := range known {
		known[i] = annotationPrefix + known[i]
	}
	return suggest.Unknown("annotation", annotationPrefix+name, known)
}

// pick returns the annotation of that name, the one for this interface before
// the one for all.
func pick(ours []annotation, name string) (found annotation) {
	for _, a := range ours {
		if a.name == name && (found.key == "" || a.ifName != "") {
			found = a
		}
	}
	return found
}

func (p *parser) readAnnotation(l *layer, a annotation) error {
	if a.key == "" {
		return nil
	}
	source := "annotation " + a.key
	text, ok := a.value.text()
	if !ok {
		return p.reader(source).errorf("want a string, got %s", a.value.what())
	}
	switch a.name {
	case "egress":
		return p.readText(&l.egress, source, text)
	case "ingress":
		return p.readText(&l.ingress, source, text)
	}
	return p.readProfileName(&l.profile, source, text)
}
