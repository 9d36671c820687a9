// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// tableDirs is where iproute2 keeps its tables: the first is its own default,
// the others are what distributions make of it.
var tableDirs = [...]string{"/usr/lib/tc", "/usr/lib64/tc", "/usr/lib/*/tc", "/usr/share/tc"}

// SystemTable reads a distribution table as tc(8) finds it: NAME.dist in
// $TC_LIB_DIR or where iproute2 is installed, or a file by its path. It is what
// Env.Tables is on a node.
func SystemTable(name string) ([]byte, error) {
	if strings.Contains(name, "/") {
		return os.ReadFile(name)
	}
	dirs := tableDirs[:]
	if dir := os.Getenv("TC_LIB_DIR"); dir != "" {
		dirs = []string{dir}
	}
	for _, dir := range dirs {
		files, _ := filepath.Glob(filepath.Join(dir, name+".dist")) // fails on a bad pattern only
		for _, file := range files {
			data, err := os.ReadFile(file)
			if !errors.Is(err, fs.ErrNotExist) {
				return data, err
			}
		}
	}
	return nil, fmt.Errorf("there is no %s.dist in %s", name, strings.Join(dirs, ", "))
}
