// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ProfileDir is where a node's own profiles are.
const ProfileDir = "/etc/tcni/profiles.d"

// SystemProfiles reads ProfileDir. It is what Env.Profiles is on a node.
func SystemProfiles() ([]Profile, error) { return ReadProfiles(ProfileDir) }

// ReadProfiles reads the files of a directory, *.yaml, *.yml and *.json, each one
// profile or a list. A directory that is not there has none. Values are checked,
// and names that tcni gives itself are refused.
func ReadProfiles(dir string) ([]Profile, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []Profile
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".yaml" && ext != ".yml" && ext != ".json" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		list, err := parseProfiles(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, list...)
	}
	return all, nil
}

func parseProfiles(data []byte) (list []Profile, err error) {
	if data, err = fromYAML(data); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		err = d.Decode(&list)
	} else {
		list = make([]Profile, 1)
		err = d.Decode(&list[0])
	}
	for i := 0; err == nil && i < len(list); i++ {
		err = list[i].check()
	}
	return list, err
}

// check is for a profile that does not come with tcni.
func (p Profile) check() error {
	switch {
	case p.Name == "":
		return errors.New("name is missing")
	case profileByName(p.Name) != nil:
		return fmt.Errorf("profile %s: tcni has one of this name: give it another", p.Name)
	}
	for _, d := range [...]struct{ key, words string }{{"egress", p.Egress}, {"ingress", p.Ingress}} {
		if _, _, err := ParseWords(d.words); err != nil {
			return fmt.Errorf("profile %s: %s: %w", p.Name, d.key, err)
		}
	}
	return nil
}
