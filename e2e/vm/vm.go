// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Config is a command and the guest to run it in. Its zero values are the
// defaults named here.
type Config struct {
	Argv   []string // looked for in Env's PATH, as the guest sees it
	Dir    string   // default: the current directory
	Env    []string // key=value; default: os.Environ()
	Stdin  io.Reader
	Stdout io.Writer // default: nothing is kept
	Stderr io.Writer // when it equals Stdout, the order between the two is kept

	Kernel  string        // a name of Kernels; default: the first
	Memory  int           // MiB; default 2048
	CPUs    int           // default 2, with Icount 1
	Timeout time.Duration // for everything from the boot on; default 10 minutes
	Again   bool          // when the guest froze while the command ran, run it in a second one; what the first wrote has been written
	Shares  []string      // directories that the guest may write; made if not there

	// Icount, if not 0, gives the guest a clock that counts instructions, each
	// 2^Icount ns (1..10), instead of following the machine's. What it
	// measures does not depend on how busy the machine is (a delay of 100 ms
	// is then 100.03 ms, always), but waiting for a file or for its input can
	// take it any time. It excludes KVM and more than one CPU.
	Icount int

	Progress io.Writer // one line for each thing that takes long
	Console  io.Writer // the kernel's console, as it comes
}

// Run runs the command and waits for it. It returns nil when the command
// returned 0, else an *ExitError or a *GuestError, or why no guest could be
// started. It needs qemu (e2e/setup vm), root so that the guest can read what
// root can, and on first use of a kernel some 100 MB from a Debian mirror.
func Run(ctx context.Context, cfg Config) error {
	return runWatched(ctx, cfg, [2]time.Duration{bootLimit, silenceLimit})
}

func runWatched(ctx context.Context, cfg Config, silence [2]time.Duration) error {
	if runtime.GOARCH != "amd64" {
		return fmt.Errorf("vm: no kernel for %s: only amd64", runtime.GOARCH)
	}
	if err := cfg.fill(); err != nil {
		return err
	}
	repo, err := findRepo()
	if err != nil {
		return err
	}
	cache := cache{dir: filepath.Join(repo, ".cache", "vm"), progress: cfg.Progress}
	kernel, err := cache.kernel(ctx, cfg.Kernel)
	if err != nil {
		return err
	}
	initramfs, err := cache.initramfs(ctx, repo, kernel)
	if err != nil {
		return err
	}
	defer initramfs.Close()
	g := guest{cfg: cfg, kernel: kernel, initramfs: initramfs, accel: tcg, silence: silence}
	if cfg.Icount == 0 && cache.kvmWorks(ctx, g) {
		g.accel = kvm
	}
	err = g.run(ctx)
	if errors.Is(err, errNoBoot) || errors.Is(err, ErrFrozen) && cfg.Again {
		fmt.Fprintf(cfg.Progress, "vm: %v\nvm: once more\n", err)
		return g.run(ctx)
	}
	return err
}

// fill puts the defaults where nothing was said.
func (c *Config) fill() error {
	if len(c.Argv) == 0 {
		return errors.New("vm: no command")
	}
	if c.Env == nil {
		c.Env = os.Environ()
	}
	c.Memory = cmp.Or(c.Memory, 2048)
	if c.Icount < 0 || c.Icount > 10 {
		return fmt.Errorf("vm: icount %d is outside 1..10", c.Icount)
	}
	if c.Icount > 0 && c.CPUs > 1 {
		return errors.New("vm: icount needs a single CPU") // qemu 7.2 hangs with more
	}
	if c.Icount > 0 {
		c.CPUs = 1
	}
	c.CPUs = cmp.Or(c.CPUs, 2)
	c.Timeout = cmp.Or(c.Timeout, 10*time.Minute)
	c.Kernel = cmp.Or(c.Kernel, Kernels[0].Name)
	for _, w := range []*io.Writer{&c.Stdout, &c.Stderr, &c.Progress, &c.Console} {
		if *w == nil {
			*w = io.Discard
		}
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return fmt.Errorf("vm: %w", err)
	}
	c.Dir = dir
	c.Shares, err = makeShares(c.Shares)
	return err
}

// makeShares returns absolute paths of directories that are there.
func makeShares(dirs []string) ([]string, error) {
	var shares []string
	for _, dir := range dirs {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, fmt.Errorf("vm: share %s: %w", dir, err)
		}
		if err := os.MkdirAll(abs, 0o755); err != nil {
			return nil, fmt.Errorf("vm: share: %w", err)
		}
		shares = append(shares, abs)
	}
	return shares, nil
}
