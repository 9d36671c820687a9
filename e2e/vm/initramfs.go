// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/u-root/u-root/pkg/cpio"
	"golang.org/x/sys/unix"

	"tcni.dev/e2e/vm/wire"
)

// initramfs returns the initramfs for a kernel as a file in memory, so that
// nothing is left behind however this process ends.
func (c cache) initramfs(ctx context.Context, repo string, k Kernel) (*os.File, error) {
	init, err := c.buildGuest(ctx, repo)
	if err != nil {
		return nil, err
	}
	records, err := initramfsRecords(init, os.DirFS(k.early()))
	if err != nil {
		return nil, fmt.Errorf("initramfs: %w", err)
	}
	fd, err := unix.MemfdCreate("initramfs", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("initramfs: %w", err)
	}
	f := os.NewFile(uintptr(fd), "initramfs")
	if err := writeArchive(cpio.Newc.Writer(f), records); err != nil {
		f.Close()
		return nil, fmt.Errorf("initramfs: %w", err)
	}
	return f, nil
}

func writeArchive(w cpio.RecordWriter, records []cpio.Record) error {
	if err := cpio.WriteRecords(w, records); err != nil {
		return err
	}
	return cpio.WriteTrailer(w)
}

// initramfsRecords lists what is in the initramfs: the guest's program, the
// modules it loads first, and a console for its last words.
func initramfsRecords(init []byte, early fs.FS) ([]cpio.Record, error) {
	records := []cpio.Record{
		cpio.Directory("dev", 0o755),
		cpio.CharDev("dev/console", 0o600, 5, 1),
		cpio.StaticFile("init", string(init), 0o755),
		cpio.Directory(wire.EarlyDir, 0o755),
	}
	files, err := fs.ReadDir(early, ".")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := fs.ReadFile(early, f.Name())
		if err != nil {
			return nil, err
		}
		records = append(records, cpio.StaticFile(wire.EarlyDir+"/"+f.Name(), string(data), 0o644))
	}
	return records, nil
}

// buildGuest builds the guest's program from its source. The go command does
// nothing when the file of the last time is up to date.
func (c cache) buildGuest(ctx context.Context, repo string) ([]byte, error) {
	unlock, err := c.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	file := filepath.Join(c.dir, "guest")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, ".")
	cmd.Dir = filepath.Join(repo, filepath.Dir(guestSource))
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build guest: %w", toolError(cmd, err, out))
	}
	return os.ReadFile(file)
}
