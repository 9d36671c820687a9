// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Errors of a selection.
var (
	ErrNotFound  = errors.New("no attachment is called this")
	ErrAmbiguous = errors.New("more than one container is called this")
)

// Selection says which attachments are meant.
type Selection struct {
	// Names are each a pod (namespace/pod, or the pod alone), a container's ID
	// or its beginning, or a mark; a glob (path.Match) of one of these; each
	// with ":interface" behind it or without. None: all.
	Names     []string
	Namespace string // of the pod; "": any
	Network   string // "": any
	IfName    string // "": any
}

// Select returns those of list that are meant, in its order. A name that is no
// glob and fits several containers is ErrAmbiguous; one that fits none is
// ErrNotFound.
func (s Selection) Select(list []Known) ([]Known, error) {
	list = slices.DeleteFunc(slices.Clone(list), func(k Known) bool { return !s.bounds(k) })
	if len(s.Names) == 0 {
		return list, nil
	}
	chosen := map[Mark]bool{}
	for _, name := range s.Names {
		found, err := choose(list, name)
		if err != nil {
			return nil, err
		}
		for _, k := range found {
			chosen[k.Mark] = true
		}
	}
	return slices.DeleteFunc(list, func(k Known) bool { return !chosen[k.Mark] }), nil
}

func (s Selection) bounds(k Known) bool {
	r := k.Record
	return (s.Namespace == "" || s.Namespace == r.Pod.Namespace) &&
		(s.Network == "" || s.Network == r.Network) && (s.IfName == "" || s.IfName == r.IfName)
}

// choose finds the attachments of one name.
func choose(list []Known, name string) ([]Known, error) {
	if _, err := path.Match(name, ""); err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	name, ifname, _ := strings.Cut(name, ":")
	var found []Known
	containers := map[string]bool{}
	for _, k := range list {
		if k.called(name) && (ifname == "" || ifname == k.Record.IfName) {
			found = append(found, k)
			containers[k.Record.ContainerID] = true
		}
	}
	switch {
	case len(found) == 0:
		return nil, fmt.Errorf("%s: %w", name, ErrNotFound)
	case len(containers) > 1 && !isGlob(name):
		return nil, fmt.Errorf("%s: %w: %s", name, ErrAmbiguous, names(found))
	}
	return found, nil
}

// called tells whether the name or glob is the attachment's.
func (k Known) called(name string) bool {
	r := k.Record
	if name == string(k.Mark) || r.ContainerID != "" && strings.HasPrefix(r.ContainerID, name) {
		return true
	}
	for _, own := range []string{r.Pod.Namespace + "/" + r.Pod.Name, r.Pod.Name, r.ContainerID} {
		if ok, _ := path.Match(name, own); ok && own != "" {
			return true
		}
	}
	return false
}

func isGlob(name string) bool { return strings.ContainsAny(name, "*?[") }

func names(list []Known) string {
	var out []string
	for _, k := range list {
		name := k.Name()
		if k.Record.Pod.Name != "" {
			name += " (" + k.Record.ContainerID[:min(len(k.Record.ContainerID), shortID)] + ")"
		}
		out = append(out, name)
	}
	return strings.Join(slices.Compact(out), ", ")
}
