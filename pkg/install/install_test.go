// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const bridge = `{"cniVersion": "0.4.0", "name": "mynet", "type": "bridge"}` + "\n"

func TestInstall(t *testing.T) {
	n := newNode(t, map[string]string{"10-flannel.conflist": flannel, "20-other.conf": bridge, "05-notes.txt": "x"})
	before := n.state()
	n.install()
	if got := n.conf("10-flannel.conflist"); got != entered(t, flannel, Options{}) {
		t.Errorf("list is %s", got)
	}
	want := n.state()
	if want["bin/tcni"] != "-rwxr-xr-x "+tcni {
		t.Errorf("plugin is %q", want["bin/tcni"])
	}
	if !strings.HasPrefix(want["net.d/10-flannel.conflist"], "-rw-r----- ") {
		t.Error("the list's mode was not kept")
	}
	if c, err := Plan(n.Options); err != nil || !c.Empty() || c.Diff() != "" {
		t.Errorf("a second time changes %v, %v", c.Paths(), err)
	}
	n.uninstall()
	if got := n.state()["bin/tcni"]; got == "" {
		t.Error("the plugin is gone: containers may still need it")
	}
	n.Purge = true
	n.uninstall()
	n.is(before, "after uninstall")
	n.uninstall()
	n.is(before, "after a second uninstall")
}

func TestInstallSingle(t *testing.T) {
	for _, name := range []string{"10-mynet.conf", "10-mynet.json"} {
		n := newNode(t, map[string]string{name: bridge})
		before := n.state()
		n.install()
		files, err := networks(n.ConfDir)
		if err != nil || len(files) != 1 || filepath.Base(files[0]) != name+".conflist" {
			t.Errorf("networks are %v, %v", files, err)
		}
		want := n.state()
		if want["net.d/"+name+OriginalSuffix] != before["net.d/"+name] {
			t.Error("the original was not kept")
		}
		n.write(filepath.Join(n.ConfDir, name), bridge) // as the main plugin may
		n.install()
		n.is(want, "after the main plugin wrote it again")
		n.Purge = true
		n.uninstall()
		n.is(before, "after uninstall")
	}
}

// TestUninstallEditedList keeps what the administrator made of our list.
func TestUninstallEditedList(t *testing.T) {
	n := newNode(t, map[string]string{"10-mynet.conf": bridge})
	n.install()
	path := filepath.Join(n.ConfDir, "10-mynet.conf.conflist")
	edited := strings.Replace(n.conf(filepath.Base(path)), "mynet", "theirs", 1)
	n.write(path, edited)
	n.uninstall()
	l, err := parseList([]byte(n.conf(filepath.Base(path))))
	if err != nil || l.name != "theirs" || l.find("tcni") >= 0 {
		t.Errorf("list is %+v, %v", l, err)
	}
}

func TestInstallByNetwork(t *testing.T) {
	n := newNode(t, map[string]string{"10-flannel.conflist": flannel, "20-other.conf": bridge})
	n.Network = "mynet"
	n.install()
	if n.conf("10-flannel.conflist") != flannel {
		t.Error("the other network was changed")
	}
	if !strings.Contains(n.conf("20-other.conf.conflist"), "tcni") {
		t.Error("the network was not changed")
	}
	n.Network = "none-such"
	if _, err := Plan(n.Options); !errors.Is(err, ErrNoNetwork) {
		t.Errorf("error is %v", err)
	}
}

// TestSymlink changes the file that is meant, and not the link.
func TestSymlink(t *testing.T) {
	n := newNode(t, map[string]string{"main.real": flannel})
	if err := os.Symlink("main.real", filepath.Join(n.ConfDir, "10-a.conflist")); err != nil {
		t.Fatal(err)
	}
	n.install()
	if !strings.Contains(n.conf("main.real"), "tcni") {
		t.Error("the link's target was not changed")
	}
}

func TestRefusals(t *testing.T) {
	for _, tc := range []struct{ name, file, text, want string }{
		{"broken", "a.conflist", "{\n\"plugins\": [,]}", "a.conflist: line 2: invalid character ','"},
		{"no list", "a.conflist", `{"cniVersion":"1.0.0","plugins":{}}`, `"plugins" is no list`},
		{"no plugins", "a.conflist", `{"cniVersion":"1.0.0"}`, `no plugins`},
		{"twice", "a.conflist", `{"plugins":[{}],"plugins":[{}]}`, `"plugins" is given twice`},
		{"old", "a.conf", `{"cniVersion":"0.2.0","type":"ptp"}`, `cniVersion "0.2.0": plugins are chained from 0.3.0 on`},
		{"no version", "a.conflist", `{"plugins":[{"type":"ptp"}]}`, `cniVersion ""`},
		{"list as single", "a.conf", `{"plugins":[{}]}`, `does not end in .conflist`},
		{"alone", "a.conf", `{"cniVersion":"1.0.0","name":"n","type":"tcni"}`, `tcni is the main plugin`},
		{"no name", "a.conf", `{"cniVersion":"1.0.0","type":"ptp"}`, `a.conf: has no name`},
		{"half written", "a.conflist", flannel[:len(flannel)-4], "a.conflist: line 14: unexpected end"},
		{"not written yet", "a.conflist", "", "a.conflist: line 1: unexpected end"},
		{"nothing", "a.txt", "", "no network configuration: install the main plugin first"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := newNode(t, map[string]string{tc.file: tc.text})
			before := n.state()
			if _, err := Plan(n.Options); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %v, want %q", err, tc.want)
			}
			n.is(before, "after a plan that failed")
		})
	}
}

// TestOtherDirectory is for a runtime that looks for plugins elsewhere.
func TestOtherDirectory(t *testing.T) {
	n := newNode(t, map[string]string{"a.conflist": flannel})
	if err := os.Remove(filepath.Join(n.BinDir, "flannel")); err != nil {
		t.Fatal(err)
	}
	if _, err := Plan(n.Options); err == nil || !strings.Contains(err.Error(), "a.conflist: plugin flannel is not in "+n.BinDir+": name the directory") {
		t.Errorf("error is %v", err)
	}
}

// TestOtherName has the plugin in the chain already, in the place of another one.
func TestOtherName(t *testing.T) {
	n := newNode(t, map[string]string{"a.conflist": strings.Replace(flannel, `"portmap"`, `"bandwidth"`, 1)})
	n.write(filepath.Join(n.BinDir, "bandwidth"), others)
	if _, err := Plan(n.Options); err != nil {
		t.Error(err)
	}
	n.write(filepath.Join(n.BinDir, "bandwidth"), tcni)
	if _, err := Plan(n.Options); err == nil || !strings.Contains(err.Error(), "a.conflist: plugin bandwidth is tcni under another name: ") {
		t.Errorf("error is %v", err)
	}
}

// TestChangedMeanwhile does not write over what it has not read.
func TestChangedMeanwhile(t *testing.T) {
	n := newNode(t, map[string]string{"a.conflist": flannel})
	c, err := Plan(n.Options)
	if err != nil {
		t.Fatal(err)
	}
	newer := strings.Replace(flannel, "cbr0", "cbr1", 1)
	n.write(filepath.Join(n.ConfDir, "a.conflist"), newer)
	if err := c.Apply(); !errors.Is(err, ErrChanged) {
		t.Errorf("error is %v", err)
	}
	if d := cmp.Diff(newer, n.conf("a.conflist")); d != "" {
		t.Error(d)
	}
}
