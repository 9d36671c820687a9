// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Spec names a kernel and the Debian suites that have its packages. Where
// several have it, apt takes the newest.
type Spec struct {
	Name   string
	Suites []string
}

// Kernels are those that can be asked for; the first is the default.
var Kernels = []Spec{
	{"bookworm", []string{"bookworm", "bookworm-security"}}, // 6.1: netem without seed
	{"trixie", []string{"trixie", "trixie-security"}},       // 6.12
	{"trixie-backports", []string{"trixie-backports"}},      // near mainline
	{"bookworm-backports", []string{"bookworm-backports"}},  // 6.12
}

func findSpec(name string) (Spec, error) {
	var names []string
	for _, s := range Kernels {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Spec{}, fmt.Errorf("no kernel %q (have %s)", name, strings.Join(names, ", "))
}

// Kernel is one that is there.
type Kernel struct {
	Name    string // of its Spec
	Release string // what uname -r says
	dir     string
}

// In a kernel's directory.
const (
	imageFile   = "vmlinux"
	releaseFile = "release" // written last: the directory is whole
	modulesDir  = "lib/modules"
	earlyDir    = "early"
	kernelDir   = "kernel" // in the directory where one is being made
)

func (k Kernel) image() string   { return filepath.Join(k.dir, imageFile) }
func (k Kernel) early() string   { return filepath.Join(k.dir, earlyDir) }
func (k Kernel) modules() string { return filepath.Join(k.dir, modulesDir, k.Release) }

func openKernel(name, dir string) (Kernel, error) {
	b, err := os.ReadFile(filepath.Join(dir, releaseFile))
	if err != nil {
		return Kernel{}, fmt.Errorf("kernel %s: %w", name, err)
	}
	return Kernel{Name: name, Release: string(b), dir: dir}, nil
}

// fetchKernel makes tmp/kernel, ready to boot, from Debian's packages.
func fetchKernel(ctx context.Context, spec Spec, tmp string) error {
	if err := os.RemoveAll(tmp); err != nil {
		return err
	}
	debs, err := downloadKernel(ctx, spec, filepath.Join(tmp, "apt"))
	if err != nil {
		return err
	}
	dir := filepath.Join(tmp, kernelDir)
	for _, deb := range debs {
		if err := unpack(ctx, deb, dir); err != nil {
			return err
		}
	}
	k, err := identify(spec.Name, dir)
	if err != nil {
		return err
	}
	bzImage, err := k.bzImage()
	if err != nil {
		return err
	}
	if err := extractImage(ctx, bzImage, k.image()); err != nil {
		return err
	}
	if err := run(ctx, "depmod", "-b", dir, k.Release); err != nil {
		return err
	}
	if err := extractEarly(ctx, k); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, releaseFile), []byte(k.Release), 0o644)
}

// Drivers of hardware that no guest has: more than half of the modules.
var unwanted = []string{
	"drivers/gpu", "drivers/media", "drivers/infiniband", "drivers/scsi", "drivers/staging",
	"drivers/net/ethernet", "drivers/net/wireless", "drivers/usb", "drivers/iio", "sound",
}

// unpack is dpkg -x without what is unwanted. Newer releases have their
// modules below /usr/lib; afterwards lib is both.
func unpack(ctx context.Context, deb, dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "usr", "lib"), 0o755); err != nil {
		return err
	}
	if err := os.Symlink("usr/lib", filepath.Join(dir, "lib")); err != nil && !os.IsExist(err) {
		return err
	}
	tar := exec.CommandContext(ctx, "tar", "-x", "--keep-directory-symlink", "-C", dir)
	for _, path := range unwanted {
		tar.Args = append(tar.Args, "--exclude=*/kernel/"+path)
	}
	dpkg := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", deb)
	return pipe(dpkg, tar)
}

// identify finds out which release was unpacked into dir.
func identify(name, dir string) (Kernel, error) {
	releases, err := filepath.Glob(filepath.Join(dir, modulesDir, "*"))
	if err != nil || len(releases) != 1 {
		return Kernel{}, fmt.Errorf("packages have the modules of %d releases, want one", len(releases))
	}
	return Kernel{Name: name, Release: filepath.Base(releases[0]), dir: dir}, nil
}

// bzImage is where the packages have the kernel: in /boot, or since 7.x
// beside its modules.
func (k Kernel) bzImage() (string, error) {
	for _, file := range []string{
		filepath.Join(k.dir, "boot", "vmlinuz-"+k.Release),
		filepath.Join(k.modules(), "vmlinuz"),
	} {
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
	}
	return "", fmt.Errorf("packages of %s have no kernel image", k.Release)
}
