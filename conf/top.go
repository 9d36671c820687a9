// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"errors"
	"strings"
)

// top is the configuration's top level, its values not read yet.
type top struct {
	cniVersion, name, kind, prevResult, args, runtimeConfig value
	egress, ingress, profile, placement, exempt, classifier value
	policy, delegate, target                                value
	validAttachments                                        value
	static                                                  [len(bandwidthKeys)]value // in the order of bandwidthKeys
}

// topKeys are our keys and those of CNI's that we read.
var topKeys = [...]struct {
	key string
	at  func(*top) *value
}{
	{"egress", func(t *top) *value { return &t.egress }},
	{"ingress", func(t *top) *value { return &t.ingress }},
	{"profile", func(t *top) *value { return &t.profile }},
	{"placement", func(t *top) *value { return &t.placement }},
	{"exemptNode", func(t *top) *value { return &t.exempt }},
	{"classifier", func(t *top) *value { return &t.classifier }},
	{"policy", func(t *top) *value { return &t.policy }},
	{"delegate", func(t *top) *value { return &t.delegate }},
	{"target", func(t *top) *value { return &t.target }},
	{"cniVersion", func(t *top) *value { return &t.cniVersion }},
	{"name", func(t *top) *value { return &t.name }},
	{"type", func(t *top) *value { return &t.kind }},
	{"prevResult", func(t *top) *value { return &t.prevResult }},
	{"args", func(t *top) *value { return &t.args }},
	{"runtimeConfig", func(t *top) *value { return &t.runtimeConfig }},
	{"cni.dev/valid-attachments", func(t *top) *value { return &t.validAttachments }},
}

// foreignKeys belong to CNI and its library, and are not ours to judge.
var foreignKeys = [...]string{"capabilities", "ipam", "dns", "disableCheck", "disableGC", "cniVersions", "loadOnlyInlinedPlugins"}

func isForeign(key string) bool {
	for _, k := range foreignKeys {
		if k == key {
			return true
		}
	}
	return strings.HasPrefix(key, "cni.dev/")
}

// set keeps a value, and tells whether the key is known.
func (t *top) set(key string, v value) bool {
	for _, k := range topKeys {
		if k.key == key {
			*k.at(t) = v
			return true
		}
	}
	if i := bandwidthKey(key); i >= 0 {
		t.static[i] = v
		return true
	}
	return isForeign(key)
}

func topKeyNames() []string {
	var names []string
	for _, k := range topKeys {
		if !isForeign(k.key) {
			names = append(names, k.key)
		}
	}
	for _, k := range bandwidthKeys {
		names = append(names, k.key)
	}
	return names
}

// str returns the string that v is, or "".
func (v value) str() string {
	if !v.present() {
		return ""
	}
	s, _ := v.text()
	return s
}

// raw returns v's bytes, nil for what is absent or null.
func (v value) raw() json.RawMessage {
	if !v.present() {
		return nil
	}
	return json.RawMessage(v)
}

// Identity is the part of a configuration that DEL, GC and STATUS need.
type Identity struct {
	CNIVersion string
	Name       string
	Type       string
	Placement  Placement       // "" where it cannot be read
	PrevResult json.RawMessage // as in Conf
	ExemptNode bool            // false where it cannot be read
	Delegate   json.RawMessage // as in Conf, but not judged
	Target     string          // "" where it cannot be read

	// ValidAttachments is "cni.dev/valid-attachments" as it stood there: nil
	// where it was absent and nothing is known, "null" or "[]" where there are
	// none (CNI spec 1.1, GC).
	ValidAttachments json.RawMessage
}

// ParseIdentity reads who is meant and nothing else, so that no shaping
// parameter can make DEL fail. Its only errors are stdin that is not a JSON
// object, and a missing name.
func ParseIdentity(stdin []byte) (Identity, error) {
	v, err := parseTop(stdin)
	if err != nil {
		return Identity{}, err
	}
	return identify(v)
}

// parseTop checks that stdin is a JSON object.
func parseTop(stdin []byte) (value, error) {
	v, err := parseJSON(stdin)
	if err == nil && v[0] != '{' {
		err = errors.New("want an object, got " + v.what())
	}
	if err != nil {
		return nil, &Error{Source: "conflist", Cause: err}
	}
	return v, nil
}

func identify(v value) (Identity, error) {
	var t top
	for key, member := range v.members() {
		t.set(key, member)
	}
	id := Identity{
		CNIVersion: t.cniVersion.str(), Name: t.name.str(), Type: t.kind.str(),
		ExemptNode: string(t.exempt) == "true", PrevResult: t.prevResult.raw(), ValidAttachments: json.RawMessage(t.validAttachments),
		Delegate: t.delegate.raw(),
	}
	switch p := Placement(t.placement.str()); p {
	case PlaceAuto, PlaceContainer, PlaceHost:
		id.Placement = p
	}
	if target := t.target.str(); checkIfName(target) == nil {
		id.Target = target
	}
	if id.Name == "" {
		return id, &Error{Source: "conflist", Path: "name", Cause: errors.New("is missing")}
	}
	return id, nil
}
