// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// cache is .cache/vm of the repository: a directory for each kernel by name,
// and the answer whether KVM works. Removing it, or any directory in it, is
// always safe between runs; a newer kernel of the same name is fetched then.
type cache struct {
	dir      string
	progress io.Writer
}

// kernel returns the kernel of that name and fetches it if it is not there.
func (c cache) kernel(ctx context.Context, name string) (Kernel, error) {
	spec, err := findSpec(name)
	if err != nil {
		return Kernel{}, err
	}
	unlock, err := c.lock(ctx)
	if err != nil {
		return Kernel{}, err
	}
	defer unlock()
	dir := filepath.Join(c.dir, name)
	if k, err := openKernel(name, dir); err == nil {
		return k, nil
	}
	fmt.Fprintf(c.progress, "vm: fetching kernel %s from Debian, once\n", name)
	tmp := dir + ".tmp"
	defer os.RemoveAll(tmp)
	if err := fetchKernel(ctx, spec, tmp); err != nil {
		return Kernel{}, fmt.Errorf("kernel %s: %w", name, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return Kernel{}, fmt.Errorf("kernel %s: %w", name, err)
	}
	if err := os.Rename(filepath.Join(tmp, kernelDir), dir); err != nil {
		return Kernel{}, fmt.Errorf("kernel %s: %w", name, err)
	}
	return openKernel(name, dir)
}

// lock keeps others from fetching the same thing: tests of several packages
// start at once. It polls, so that ctx can end the wait.
func (c cache) lock(ctx context.Context) (unlock func(), err error) {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return nil, fmt.Errorf("vm: cache: %w", err)
	}
	f, err := os.Create(filepath.Join(c.dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("vm: cache: %w", err)
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			f.Close()
			return nil, fmt.Errorf("vm: lock cache: %w", err)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("vm: lock cache: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
