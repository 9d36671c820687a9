// SPDX-License-Identifier: Apache-2.0

package cri

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"

	"tcni.dev/e2e/lab"
)

func (c *Containerd) writeFiles(conflist []byte) error {
	for _, d := range []string{c.dirs.Root(), c.dirs.State(), c.dirs.Conf(), c.dirs.Opt()} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	text, err := c.dirs.config()
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.dirs.Config(), []byte(text), 0o644); err != nil {
		return err
	}
	return os.WriteFile(c.conflistPath(), conflist, 0o644)
}

func (c *Containerd) conflistPath() string { return filepath.Join(c.dirs.Conf(), "10-e2e.conflist") }

// mountCgroups is for a system that has none mounted, as a bare virtual machine.
func mountCgroups(ctx context.Context, jail *lab.NS) error {
	entries, err := os.ReadDir("/sys/fs/cgroup")
	if err != nil || len(entries) > 0 {
		return err
	}
	_, err = jail.Output(ctx, "mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup")
	return err
}

// launch starts the daemon and waits for its CRI.
func (c *Containerd) launch(ctx context.Context) error {
	log, err := os.OpenFile(c.dirs.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close() // the daemon has its own
	c.daemon = exec.Command(c.binary, "--config", c.dirs.Config())
	c.daemon.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.dirs.Base}
	c.daemon.Stdout, c.daemon.Stderr = log, log
	if err := c.jail.Start(c.daemon); err != nil {
		return err
	}
	c.ended = make(chan struct{})
	go func() {
		_ = c.daemon.Wait()
		close(c.ended)
	}()
	return c.waitReady(ctx)
}

// starting are containerd's answers while it finds its pods again (internal/cri/instrument) and
// before it has read the network's configuration (go-cni, errdefs).
var starting = []string{"server is not initialized yet", "cni plugin not initialized"}

// waitReady waits until the daemon answers and has a network. It gives up as soon as the daemon ends.
func (c *Containerd) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	go func() {
		select {
		case <-c.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		err := c.ready(ctx)
		if err == nil {
			return nil
		}
		// The connection to a daemon before this one may end only now.
		still := status.Code(err) == codes.Unavailable ||
			slices.ContainsFunc(starting, func(s string) bool { return strings.Contains(err.Error(), s) })
		if !still || ctx.Err() != nil {
			return fmt.Errorf("not ready: %w: %s", err, c.Log())
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ready asks once. A network that is there and that its plugins find wanting (STATUS) is one.
func (c *Containerd) ready(ctx context.Context) error {
	res, err := c.Runtime.Status(ctx, &runtimeapi.StatusRequest{}, grpc.WaitForReady(true))
	if err != nil {
		return err
	}
	for _, condition := range res.GetStatus().GetConditions() {
		if m := condition.GetMessage(); strings.Contains(m, starting[1]) {
			return errors.New(m)
		}
	}
	return nil
}

func (c *Containerd) loadImage(ctx context.Context, pause string) error {
	if pause == "" {
		pause = filepath.Join(c.dirs.Bin, "pause")
	}
	var program []byte
	// In the node: the binaries' directory is mounted there.
	err := c.lab.Node.Do(func() (err error) {
		program, err = os.ReadFile(pause)
		return err
	})
	if err != nil {
		return fmt.Errorf("sandbox image: %w", err)
	}
	image, err := pauseImage(program)
	if err != nil {
		return err
	}
	path := filepath.Join(c.dirs.Base, "pause.tar")
	if err := os.WriteFile(path, image, 0o644); err != nil {
		return fmt.Errorf("sandbox image: %w", err)
	}
	_, err = c.jail.Output(ctx, "ctr", "-a", c.dirs.Socket(), "-n", "k8s.io", "images", "import",
		"--snapshotter", "native", path)
	if err != nil {
		return fmt.Errorf("sandbox image: %w", err)
	}
	return nil
}
