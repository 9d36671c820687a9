// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// installed are the types under which an install may have put the plugin there.
func (o Options) installed() []string {
	kinds := []string{entryType}
	if isOurs(filepath.Join(o.binDir(), bandwidthType)) {
		kinds = append(kinds, bandwidthType)
	}
	return kinds
}

// named tells whether a text gives one of the types to a plugin anywhere in it: also within the
// configuration of another one, such as the "delegates" of Multus. In one that is no JSON, which may
// be half written, the word is enough.
func named(text []byte, kinds []string) bool {
	var v any
	if json.Unmarshal(text, &v) == nil {
		return namedIn(v, kinds)
	}
	return slices.ContainsFunc(kinds, func(kind string) bool { return bytes.Contains(text, []byte(`"`+kind+`"`)) })
}

func namedIn(v any, kinds []string) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(v any) bool { return namedIn(v, kinds) })
	case map[string]any:
		for key, v := range v {
			kind, _ := v.(string)
			if strings.EqualFold(key, "type") && slices.Contains(kinds, kind) || namedIn(v, kinds) {
				return true
			}
		}
	}
	return false
}

// stillNamed is the error of a file that is not ours to clean.
func stillNamed(path string, text []byte, kinds []string) error {
	if !named(text, kinds) {
		return nil
	}
	return fmt.Errorf("%s names %s where install does not put it: take it out by hand", path, strings.Join(kinds, " or "))
}

// spared is the error of a file of a network that was not asked for, if the executable is to go.
func (o Options) spared(path string, text []byte, kinds []string) error {
	if !o.Purge || !named(text, kinds) {
		return nil
	}
	return fmt.Errorf("%s names %s and is not of network %s: the executable stays", path, strings.Join(kinds, " or "), o.Network)
}

// namedBeside looks at the files of single plugins that libcni puts behind a list's own (CNI 1.1,
// NetworkPluginConfsFromFiles). They are in directories that have the networks' names.
func (o Options) namedBeside(kinds []string) error {
	files, err := filepath.Glob(filepath.Join(o.confDir(), "*", "*.conf"))
	if err != nil {
		return err
	}
	var left error
	for _, path := range files {
		text, err := readIfThere(path)
		if network := filepath.Base(filepath.Dir(path)); o.Network != "" && network != o.Network {
			left = errors.Join(left, err, o.spared(path, text, kinds))
		} else {
			left = errors.Join(left, err, stillNamed(path, text, kinds))
		}
	}
	return left
}

// nowhere is the error of a link whose file cannot be seen, as in a DaemonSet's container.
func nowhere(path string) error {
	if _, err := os.Lstat(path); err != nil {
		return nil
	}
	return fmt.Errorf("%s leads to no file: what it names cannot be seen from here", path)
}
