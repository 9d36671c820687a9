// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOwnProfiles holds that a node's profiles are asked for a name that is not
// tcni's, and not for others.
func TestOwnProfiles(t *testing.T) {
	dir := t.TempDir()
	text := "- {name: office, egress: rate 10mbit delay 15ms, ingress: rate 40mbit}\n- name: home\n  title: at home\n  egress: none\n  ingress: delay 9ms\n"
	if err := os.WriteFile(filepath.Join(dir, "own.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want, err string
		reads           bool
	}{
		{"3g", "rate 768kbit delay 150ms", "", false},
		{"office", "rate 10mbit delay 15ms", "", true},
		{"offic", "", `unknown profile "offic": did you mean "office"? (tcnictl profiles lists them, 2 of them in /etc/tcni/profiles.d)`, true},
	} {
		read := false
		env := Env{IfName: "eth0", Profiles: func() ([]Profile, error) {
			read = true
			return ReadProfiles(dir)
		}}
		got, err := Parse(entry(``, annotate("tcni.dev/profile", c.name)), env)
		switch {
		case c.err != "":
			if err == nil || !strings.HasSuffix(err.Error(), c.err) {
				t.Errorf("%s: %v", c.name, err)
			}
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case got.Egress.Words() != c.want:
			t.Errorf("%s: %s", c.name, got.Egress.Words())
		}
		if read != c.reads {
			t.Errorf("%s: the directory was read: %v", c.name, read)
		}
	}
}

func TestReadProfilesRefused(t *testing.T) {
	for text, want := range map[string]string{
		"{name: x, egress: dely 5ms, ingress: none}": `profile x: egress: unknown word "dely"`,
		"{name: lte, egress: none, ingress: none}":   "profile lte: tcni has one of this name: give it another",
		"{egress: none, ingress: none}":              "name is missing",
		"{name: x, egres: none}":                     `unknown field "egres"`,
		"name: x\negress: none\n---\nname: y\n":      "there are several documents: want one",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadProfiles(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if list, err := ReadProfiles(filepath.Join(t.TempDir(), "none")); err != nil || len(list) > 0 {
		t.Errorf("no directory: %v, %v", list, err)
	}
}
