// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestRefusedEntries(t *testing.T) {
	for _, tc := range []struct{ entry, want string }{
		{`{}`, `entry: type ""`},
		{`[`, `entry: unexpected end`},
		{`{"type":"../sh"}`, `entry: type "../sh"`},
		{`{"type":"host-local"}`, `entry: type "host-local": tcni is installed as "tcni", or as "bandwidth" in that plugin's place`},
		{`{"type":"tcni","egress":"dealy 5ms"}`, `entry: conflist cbr0: egress: unknown word "dealy"`},
		{`{"type":"tcni","egres":"delay 5ms"}`, `entry: conflist cbr0: unknown key "egres"`},
		{`{"type":"tcni","delegate":{"type":"ptp"}}`, `entry: delegate: stands in the main plugin's place`},
	} {
		n := newNode(t, map[string]string{"a.conflist": flannel})
		before := n.state()
		n.Entry = []byte(tc.entry)
		if _, err := Install(n.Options); !errors.Is(err, ErrEntry) || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: error is %v, want %s", tc.entry, err, tc.want)
		}
		// No waiting mends it.
		if err := Watch(t.Context(), n.Options, func(Changes, error) {}); !errors.Is(err, ErrEntry) {
			t.Errorf("%s: the watch's error is %v", tc.entry, err)
		}
		n.is(before, tc.entry)
	}
}

// TestInPlace installs the plugin under the reference bandwidth plugin's name.
func TestInPlace(t *testing.T) {
	n := newNode(t, map[string]string{"a.conflist": flannel})
	before := n.state()
	n.Entry = []byte(`{"type": "bandwidth", "capabilities": {"bandwidth": true}}`)
	n.install()
	if got := n.state()["bin/bandwidth"]; got != "-rwxr-xr-x "+tcni {
		t.Errorf("plugin is %q", got)
	}
	n.Entry, n.Purge = nil, true
	n.uninstall()
	n.is(before, "after uninstall")
}

// TestInTheWay has another plugin of that name.
func TestInTheWay(t *testing.T) {
	for _, kind := range []string{"tcni", "bandwidth"} {
		for _, there := range []string{others, "#!/bin/sh\n", ""} {
			n := newNode(t, map[string]string{"a.conflist": flannel})
			n.Entry = []byte(`{"type": "` + kind + `"}`)
			n.write(filepath.Join(n.BinDir, kind), there)
			before := n.state()
			if _, err := Install(n.Options); err == nil || !strings.Contains(err.Error(), "bin/"+kind+" is there and is not tcni: ") {
				t.Errorf("error is %v", err)
			}
			n.is(before, "after a refused install")
			n.Force = true
			n.install()
			if got := n.state()["bin/"+kind]; got != "-rwxr-xr-x "+tcni {
				t.Errorf("plugin is %q", got)
			}
		}
	}
}

func TestSource(t *testing.T) {
	for _, source := range []string{others, ""} {
		n := newNode(t, map[string]string{"a.conflist": flannel})
		before := n.state()
		n.write(n.Source, source)
		if _, err := Install(n.Options); err == nil || !strings.Contains(err.Error(), "src/tcni is not tcni") {
			t.Errorf("error is %v", err)
		}
		n.is(before, "after a refused install")
	}
}
