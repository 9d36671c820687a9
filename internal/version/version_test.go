// SPDX-License-Identifier: Apache-2.0

package version

import (
	"runtime/debug"
	"testing"
)

func TestLine(t *testing.T) {
	info := debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.3"}}
	for _, c := range []struct {
		settings []debug.BuildSetting
		want     string
	}{
		{nil, "tcni v1.2.3 go1.26.8"},
		{[]debug.BuildSetting{{Key: "vcs.revision", Value: "a20e3d9"}, {Key: "vcs.modified", Value: "false"}}, "tcni v1.2.3 a20e3d9 go1.26.8"},
		{[]debug.BuildSetting{{Key: "vcs.modified", Value: "true"}, {Key: "vcs.revision", Value: "a20e3d9"}}, "tcni v1.2.3 a20e3d9 modified go1.26.8"},
	} {
		info.Settings = c.settings
		if got := line("tcni", &info); got != c.want {
			t.Errorf("%v: %q, want %q", c.settings, got, c.want)
		}
	}
}
