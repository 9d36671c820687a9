// SPDX-License-Identifier: Apache-2.0

package install

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPurgeOfEveryFile has a network before the one that was active at the install.
func TestPurgeOfEveryFile(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	before := n.state()
	n.install()
	n.write(filepath.Join(n.ConfDir, "05-b.conf"), bridge)
	n.Purge = true
	n.uninstall()
	before["net.d/05-b.conf"] = "-rw-r----- " + bridge
	n.is(before, "after uninstall")
}

// TestLeft has files that name the plugin and are not ours to clean: the executable stays, and all
// else is cleaned.
func TestLeft(t *testing.T) {
	const alone = `{"cniVersion": "1.0.0", "name": "weather", "plugins": [{"type": "tcni", "target": "eth0"}]}`
	for _, tc := range []struct{ file, text, network, want string }{
		{"20.conflist", `{"plugins": [{"type": "a"}, {"type": "tcni"}`, "", "20.conflist: line 1: unexpected end"},
		{"20.conflist", alone, "", "20.conflist: tcni is the only plugin"},
		{"20.conf", `{"name": "weather", "type": "tcni", "target": "eth0"}`, "", "20.conf names tcni where install does not put it"},
		{"00-multus.conf", `{"name": "m", "type": "multus", "delegates": [{"plugins": [{"type": "a"}, {"Type": "tcni"}]}]}`, "", "00-multus.conf names tcni"},
		{"cbr0/50.conf", `{"type": "tcni"}`, "", "50.conf names tcni"},
		{"20.conflist", strings.Replace(alone, "[", `[{"type": "bridge"}, `, 1), "cbr0", "20.conflist names tcni and is not of network cbr0"},
		{"weather/50.conf", `{"type": "tcni"}`, "cbr0", "50.conf names tcni and is not of network cbr0"},
	} {
		t.Run(tc.file, func(t *testing.T) {
			n := newNode(t, map[string]string{"10-a.conflist": flannel})
			n.install()
			if err := os.MkdirAll(filepath.Dir(filepath.Join(n.ConfDir, tc.file)), 0o755); err != nil {
				t.Fatal(err)
			}
			n.write(filepath.Join(n.ConfDir, tc.file), tc.text)
			n.Purge, n.Network = true, tc.network
			for range 2 {
				c, err := Uninstall(n.Options)
				if err != nil || c.Left() == nil || !strings.Contains(c.Left().Error(), tc.want) {
					t.Errorf("left is %v, %v; want %q", c.Left(), err, tc.want)
				}
			}
			if n.state()["bin/tcni"] == "" {
				t.Error("the executable is gone")
			}
			if d := cmp.Diff(flannel, n.conf("10-a.conflist")); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tc.text, n.conf(tc.file)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestLeftLink has a link that leads where a DaemonSet's container sees nothing.
func TestLeftLink(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	n.install()
	if err := os.Symlink("/nowhere/main.conflist", filepath.Join(n.ConfDir, "20.conflist")); err != nil {
		t.Fatal(err)
	}
	n.Purge = true
	if c, err := Uninstall(n.Options); err != nil || c.Left() == nil || !strings.Contains(c.Left().Error(), "20.conflist leads to no file") {
		t.Errorf("left is %v, %v", c.Left(), err)
	}
}

// TestUninstallBesideOthers does not judge what does not name the plugin.
func TestUninstallBesideOthers(t *testing.T) {
	n := newNode(t, map[string]string{
		"10-a.conflist": flannel, "20.conflist": `{"plugins": [`, "30.conf": "", "40.json": `{"name": "tcni", "type": "bridge"}`,
	})
	before := n.state()
	n.install()
	n.Purge = true
	n.uninstall()
	n.is(before, "after uninstall")
}

// TestUninstallOfNothing has no configuration directory.
func TestUninstallOfNothing(t *testing.T) {
	n := newNode(t, nil)
	before := n.state()
	n.write(filepath.Join(n.BinDir, "tcni"), tcni)
	n.Purge, n.ConfDir = true, filepath.Join(n.ConfDir, "none")
	n.uninstall()
	n.ConfDir = filepath.Dir(n.ConfDir)
	n.is(before, "after uninstall")
}

// TestPurgeOfAnother does not remove what is not the plugin.
func TestPurgeOfAnother(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	before := n.state()
	n.install()
	n.write(filepath.Join(n.BinDir, "tcni"), others)
	n.Purge = true
	c, err := Uninstall(n.Options)
	if err != nil || c.Left() == nil || !strings.Contains(c.Left().Error(), "bin/tcni stays: it is not tcni") {
		t.Errorf("left is %v, %v", c.Left(), err)
	}
	n.Force = true
	n.uninstall()
	n.is(before, "after a forced uninstall")
}

// TestUninstallWritten has the main plugin write its single plugin's file beside our list: whole, it
// counts, and the list goes; else it may yet be whole.
func TestUninstallWritten(t *testing.T) {
	for text, want := range map[string][]string{
		bridge: {"10-a.conf.conflist", "10-a.conf" + OriginalSuffix},
		"{":    {"10-a.conf.conflist"},
	} {
		n := newNode(t, map[string]string{"10-a.conf": bridge})
		n.install()
		n.write(filepath.Join(n.ConfDir, "10-a.conf"), text)
		c, err := Uninstall(n.Options)
		if err != nil || c.Left() != nil {
			t.Fatal(err, c.Left())
		}
		var got []string
		for _, path := range c.Paths() {
			got = append(got, filepath.Base(path))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(text, n.conf("10-a.conf")); d != "" {
			t.Error(d)
		}
	}
}
