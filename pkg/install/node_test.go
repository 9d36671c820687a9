// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// node is a machine's two directories and a plugin to install.
type node struct {
	t *testing.T
	Options
}

// executable is all that a Go executable of an import path needs to tell that (debug/buildinfo): an ELF
// header, and one segment of data that is all of the file.
func executable(path string) string {
	const sentinel = "0123456789abcdef"
	mod := sentinel + "path\t" + path + "\n" + sentinel
	var data bytes.Buffer
	data.WriteString("\xff Go buildinf:\x08\x02" + strings.Repeat("\x00", 16) + "\x04go1.")
	data.Write(binary.AppendUvarint(nil, uint64(len(mod))))
	data.WriteString(mod)
	const header, segment = 64, 56
	size := uint64(data.Len())
	var b bytes.Buffer
	for _, part := range []any{
		elf.Header64{
			Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
			Type:  uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
			Phoff: header, Ehsize: header, Phentsize: segment, Phnum: 1,
		},
		elf.Prog64{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_W), Off: 128, Vaddr: 128, Filesz: size, Memsz: size},
		[128 - header - segment]byte{}, data.Bytes(),
	} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			panic(err)
		}
	}
	return b.String()
}

// The plugin, and another one of Go.
var (
	tcni   = executable("tcni.dev/plugin/tcni")
	others = executable("github.com/containernetworking/plugins/plugins/meta/bandwidth")
)

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
	n.write(n.Source, tcni)
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
	if _, err := Install(n.Options); err != nil {
		n.t.Fatal(err)
	}
}

func (n node) uninstall() {
	n.t.Helper()
	c, err := Uninstall(n.Options)
	if err := errors.Join(err, c.Left()); err != nil {
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
