// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNoNetwork says that no main plugin has written its configuration yet.
var ErrNoNetwork = errors.New("no network configuration")

// OriginalSuffix is appended to the name of a single plugin's file that was replaced by a list: no
// runtime reads it.
const OriginalSuffix = ".before-tcni"

const listExt = ".conflist"

// extensions of the files that runtimes read.
var extensions = []string{".conf", listExt, ".json"}

// active returns the path of the file to change, by o.Network or the order of names.
func (o Options) active() (string, error) {
	files, err := networks(o.confDir())
	if err != nil {
		return "", err
	}
	for _, path := range files {
		if o.Network == "" {
			return path, nil
		}
		if name, err := networkName(path); err != nil {
			return "", err
		} else if name == o.Network {
			return path, nil
		}
	}
	if o.Network != "" {
		return "", fmt.Errorf("network %s in %s: %w", o.Network, o.confDir(), ErrNoNetwork)
	}
	return "", fmt.Errorf("%s: %w: install the main plugin first", o.confDir(), ErrNoNetwork)
}

// networks lists the files that runtimes read, in their order.
func networks(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // sorted
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: %w", dir, ErrNoNetwork, err)
	}
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && slices.Contains(extensions, filepath.Ext(e.Name())) {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files, nil
}

func networkName(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	l, err := readList(path, text)
	if err != nil {
		return "", err
	}
	return l.name, nil
}

// readList reads a file of either kind as a list.
func readList(path string, text []byte) (*list, error) {
	if filepath.Ext(path) != listExt {
		s, err := parseSingle(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		text = s.list()
	}
	l, err := parseList(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return l, nil
}

// chains refuses a network that gives a chained plugin no result to work on (CNI SPEC 0.3.0), or
// that no runtime takes.
func (l *list) chains(path string) error {
	for _, old := range []string{"", "0.1.", "0.2."} {
		if l.version == old || old != "" && strings.HasPrefix(l.version, old) {
			return fmt.Errorf("%s: cniVersion %q: plugins are chained from 0.3.0 on", path, l.version)
		}
	}
	if l.name == "" {
		return fmt.Errorf("%s: has no name: runtimes refuse it", path)
	}
	return nil
}

// listPath is the list that replaces a single plugin's file. It sorts right behind that, so that
// the file counts as long as it is there, or when it is there again.
func listPath(path string) string { return path + listExt }

// differ tells files apart, of which nil is none.
func differ(a, b []byte) bool { return (a == nil) != (b == nil) || !bytes.Equal(a, b) }

// readIfThere returns nil for a file that is not there, and never for one that is.
func readIfThere(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && data == nil {
		data = []byte{}
	}
	return data, err
}
