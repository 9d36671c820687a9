// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// importPath is what the plugin is built from: a Go executable tells it, also stripped.
const importPath = "tcni.dev/plugin/tcni"

// program is an executable that is to be put somewhere or taken away. It is copied as a stream: a
// watch looks at executables over and over, in little memory.
type program struct {
	from     string // "" takes it away
	was, now int64  // bytes, for people; -1 where there is none
}

// isOurs tells whether a file is the plugin, under whatever name.
func isOurs(path string) bool { return command(path) == importPath }

// command is the import path of what a Go program was built from, "" of another file.
func command(path string) string {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return ""
	}
	return info.Path
}

// planBinary puts the executable where the runtime looks, in nobody else's place.
func (c *Changes) planBinary(kind string) error {
	source, err := c.o.source()
	if err != nil {
		return err
	}
	info, err := os.Stat(source)
	if err != nil {
		return fmt.Errorf("plugin to install: %w", err)
	}
	if !isOurs(source) && !c.o.Force {
		return fmt.Errorf("plugin to install: %s is not tcni: name its executable, or force it", source)
	}
	to := filepath.Join(c.o.binDir(), kind)
	was, err := sizeOf(to)
	if err != nil {
		return err
	}
	if was >= 0 && !isOurs(to) && !c.o.Force {
		return fmt.Errorf("%s is there and is not tcni: install it under another name, or force it and lose that", to)
	}
	same, err := sameProgram(to, source)
	if err == nil && !same {
		c.list = append(c.list, change{path: to, program: &program{source, was, info.Size()}})
	}
	return err
}

// sizeOf returns -1 for what is not there. A link that leads nowhere is there: it may do so only in
// a DaemonSet's container, which sees less of the node.
func sizeOf(path string) (int64, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// sameProgram tells whether a file is an executable of the same bytes. Sizes and times would not do:
// in images that are built reproducibly, all times are the same.
func sameProgram(path, source string) (bool, error) {
	a, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer a.Close()
	b, err := os.Open(source)
	if err != nil {
		return false, err
	}
	defer b.Close()
	info, err := a.Stat()
	if err != nil || info.Mode()&0o111 != 0o111 {
		return false, err
	}
	return sameBytes(a, b)
}

func sameBytes(a, b io.Reader) (bool, error) {
	var bufA, bufB [16 << 10]byte
	for {
		n, errA := io.ReadFull(a, bufA[:])
		m, errB := io.ReadFull(b, bufB[:])
		if !bytes.Equal(bufA[:n], bufB[:m]) {
			return false, nil
		}
		if atEnd(errA) && atEnd(errB) {
			return true, nil
		}
		if err := errors.Join(errA, errB); err != nil {
			return false, err
		}
	}
}

func atEnd(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }
