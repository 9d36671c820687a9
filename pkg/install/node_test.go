// SPDX-License-Identifier: Apache-2.0

package install

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// node is a machine's two directories and a plugin to install.
type node struct {
	t *testing.T
	Options
}

const program = "\x7fELF\x00 the plugin"

func newNode(t *testing.T, files map[string]string) node {
	t.Helper()
	dir := t.TempDir()
	n := node{t, Options{
		Source: filepath.Join(dir, "src", "tcni"), BinDir: filepath.Join(dir, "bin"), ConfDir: filepath.Join(dir, "net.d"),
	}}
	for _, d := range []string{"src", "bin", "net.d"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	n.write(n.Source, program)
	for _, main := range []string{"flannel", "bridge"} {
		n.write(filepath.Join(n.BinDir, main), "a plugin")
	}
	for name, text := range files {
		n.write(filepath.Join(n.ConfDir, name), text)
	}
	return n
}

func (n node) write(path, text string) {
	n.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		n.t.Fatal(err)
	}
}

// conf returns a file of the configuration directory.
func (n node) conf(name string) string {
	n.t.Helper()
	data, err := os.ReadFile(filepath.Join(n.ConfDir, name))
	if err != nil {
		n.t.Fatal(err)
	}
	return string(data)
}

// state is every file with its mode.
func (n node) state() map[string]string {
	n.t.Helper()
	files := map[string]string{}
	for _, dir := range []string{n.BinDir, n.ConfDir} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			full := filepath.Join(dir, path)
			info, err := os.Stat(full)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(full)
			files[filepath.Join(filepath.Base(dir), path)] = fmt.Sprintf("%v %s", info.Mode(), data)
			return err
		})
		if err != nil {
			n.t.Fatal(err)
		}
	}
	return files
}

func (n node) install() {
	n.t.Helper()
	c, err := Plan(n.Options)
	if err != nil {
		n.t.Fatal(err)
	}
	if err := c.Apply(); err != nil {
		n.t.Fatal(err)
	}
}

func (n node) uninstall() {
	n.t.Helper()
	if err := Uninstall(n.Options); err != nil {
		n.t.Fatal(err)
	}
}

// is compares the node with an earlier state.
func (n node) is(want map[string]string, when string) {
	n.t.Helper()
	if d := cmp.Diff(want, n.state()); d != "" {
		n.t.Errorf("%s:\n%s", when, d)
	}
}
