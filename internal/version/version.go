// SPDX-License-Identifier: Apache-2.0

// Package version tells what a program was built from.
package version

import (
	"fmt"
	"runtime/debug"
)

// Of is a line for people: the program's name, its module's version, the commit
// that it was built from, with "modified" where files differed from it, and Go's
// version. Where Go did not stamp the program with a commit, none is said.
func Of(program string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return program + " of an unknown version"
	}
	return line(program, info)
}

func line(program string, info *debug.BuildInfo) string {
	var revision, modified string
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = " " + s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = " modified"
		}
	}
	return fmt.Sprintf("%s %s%s%s %s", program, info.Main.Version, revision, modified, info.GoVersion)
}
