// SPDX-License-Identifier: Apache-2.0

package edit

import (
	"fmt"
	"strings"

	"tcni.dev/conf"
)

// ProfileDir is where a node's own profiles are.
const ProfileDir = conf.ProfileDir

// Profiles are named links.
type Profiles []conf.Profile

// Load returns the profiles that come with tcni and those of a directory.
func Load(dir string) (Profiles, error) {
	own, err := conf.ReadProfiles(dir)
	if err != nil {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	return append(Profiles(conf.Profiles()), own...), nil
}

// Find returns a profile by name.
func (list Profiles) Find(name string) (conf.Profile, error) {
	var names []string
	for _, p := range list {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return conf.Profile{}, fmt.Errorf("no profile is called %q: there are %s", name, strings.Join(names, ", "))
}
