// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// earlyModules are what the guest needs to hear its request and to mount its
// root. All others are loaded from there when they are asked for.
var earlyModules = []string{"virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay"}

// moduleIndex knows a kernel's modules by name, with '_' for '-'.
type moduleIndex struct {
	files   map[string]string   // name to path, below the modules' directory
	deps    map[string][]string // name to names
	builtin map[string]bool
}

// moduleName is what the kernel calls the module in a file.
func moduleName(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	return strings.ReplaceAll(name, "-", "_")
}

// parseModules reads depmod's modules.dep ("FILE: FILE…") and the kernel's
// modules.builtin (a file a line).
func parseModules(dep, builtin string) moduleIndex {
	x := moduleIndex{map[string]string{}, map[string][]string{}, map[string]bool{}}
	for line := range strings.Lines(dep) {
		file, needs, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		name := moduleName(file)
		x.files[name] = file
		for _, need := range strings.Fields(needs) {
			x.deps[name] = append(x.deps[name], moduleName(need))
		}
	}
	for line := range strings.Lines(builtin) {
		x.builtin[moduleName(strings.TrimSpace(line))] = true
	}
	return x
}

// order returns the files of the modules and of all they depend on, each
// after those. What is built in needs no file.
func (x moduleIndex) order(names ...string) ([]string, error) {
	var files []string
	var visit func(name string, above []string) error
	visit = func(name string, above []string) error {
		file, ok := x.files[name]
		switch {
		case x.builtin[name] || slices.Contains(files, file):
			return nil
		case !ok:
			return fmt.Errorf("kernel has no module %s", name)
		case slices.Contains(above, name):
			return fmt.Errorf("module %s depends on itself", name)
		}
		for _, dep := range x.deps[name] {
			if err := visit(dep, append(above, name)); err != nil {
				return err
			}
		}
		files = append(files, file)
		return nil
	}
	for _, name := range names {
		if err := visit(name, nil); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// extractEarly puts the early modules into their directory, uncompressed and
// under names that sort in their order: decompressing them is faster here
// than in the guest.
func extractEarly(ctx context.Context, k Kernel) error {
	dep, err := os.ReadFile(filepath.Join(k.modules(), "modules.dep"))
	if err != nil {
		return err
	}
	builtin, err := os.ReadFile(filepath.Join(k.modules(), "modules.builtin"))
	if err != nil {
		return err
	}
	files, err := parseModules(string(dep), string(builtin)).order(earlyModules...)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(k.early(), 0o755); err != nil {
		return err
	}
	for i, file := range files {
		data, err := os.ReadFile(filepath.Join(k.modules(), file))
		if err != nil {
			return err
		}
		to := filepath.Join(k.early(), fmt.Sprintf("%02d-%s.ko", i, moduleName(file)))
		if err := writeModule(ctx, data, to); err != nil {
			return fmt.Errorf("module %s: %w", file, err)
		}
	}
	return nil
}

func writeModule(ctx context.Context, data []byte, to string) error {
	if strings.HasPrefix(string(data), "\x7fELF") {
		return os.WriteFile(to, data, 0o644)
	}
	tool, err := decompressor(data)
	if err != nil {
		return err
	}
	return decompress(ctx, tool, data, to)
}
