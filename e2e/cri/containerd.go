// SPDX-License-Identifier: Apache-2.0

package cri

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"

	"tcni.dev/e2e/lab"
)

// Options of [Start].
type Options struct {
	// Conflist is the text of the node's CNI configuration list.
	Conflist []byte
	// Containerd is the daemon's executable; empty is that in $PATH, Debian's.
	Containerd string
	// Pause is the static program for the sandbox's image; empty is "pause" of the lab's binaries.
	Pause string
}

// Containerd is a running daemon and a client of it.
type Containerd struct {
	// Runtime is the raw CRI client, for calls that have no method here.
	Runtime runtimeapi.RuntimeServiceClient

	lab    *lab.Lab
	jail   *lab.Jail
	dirs   dirs
	binary string
	conn   *grpc.ClientConn
	daemon *exec.Cmd
	ended  chan struct{} // closed when daemon has been waited for
}

// startTimeout is for an emulated processor that others share; the daemon takes 0.3 s on a real one.
const startTimeout = 3 * time.Minute

// Start starts containerd in the lab's node and waits until it is ready to run pods. [lab.Lab.Close]
// ends it as well as [Containerd.Close].
func Start(ctx context.Context, l *lab.Lab, opt Options) (*Containerd, error) {
	if opt.Containerd == "" {
		opt.Containerd = "containerd"
	}
	for _, prog := range []string{opt.Containerd, "runc", "ctr"} {
		if _, err := exec.LookPath(prog); err != nil {
			return nil, fmt.Errorf("containerd: %w (apt-get install containerd runc)", err)
		}
	}
	base := filepath.Join(l.Dir, "cri")
	c := &Containerd{lab: l, dirs: dirs{Base: base, Bin: l.Bin}, binary: opt.Containerd}
	if err := c.start(ctx, opt); err != nil {
		return nil, errors.Join(fmt.Errorf("containerd: %w", err), c.Close())
	}
	return c, nil
}

func (c *Containerd) start(ctx context.Context, opt Options) (err error) {
	if err := c.writeFiles(opt.Conflist); err != nil {
		return err
	}
	if c.jail, err = c.lab.NewJail(); err != nil {
		return err
	}
	if err := mountCgroups(ctx, c.jail.NS); err != nil {
		return err
	}
	c.conn, err = grpc.NewClient("unix://"+c.dirs.Socket(),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		// The socket appears within moments: the default would wait a second for it.
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 20 * time.Millisecond, Multiplier: 1.2, MaxDelay: 200 * time.Millisecond},
			MinConnectTimeout: time.Second,
		}))
	if err != nil {
		return err
	}
	c.Runtime = runtimeapi.NewRuntimeServiceClient(c.conn)
	if err := c.launch(ctx); err != nil {
		return err
	}
	return c.loadImage(ctx, opt.Pause)
}

// Restart stops the daemon, with its pods running on, and starts it again.
func (c *Containerd) Restart(ctx context.Context) error {
	if err := c.daemon.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("containerd: stop: %w", err)
	}
	select {
	case <-c.ended:
	case <-time.After(startTimeout):
		return errors.New("containerd: stop: does not end")
	}
	if err := c.launch(ctx); err != nil {
		return fmt.Errorf("containerd: restart: %w", err)
	}
	return nil
}

// Log is what the daemon has written so far: its own words, and of plugins that failed.
func (c *Containerd) Log() string {
	b, err := os.ReadFile(c.dirs.Log())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Close kills the daemon and all pods. The lab's Close removes the files.
func (c *Containerd) Close() error {
	var errs []error
	if c.conn != nil {
		errs = append(errs, c.conn.Close())
		c.conn = nil
	}
	if c.jail != nil {
		errs = append(errs, c.jail.Close())
	}
	if c.ended != nil {
		<-c.ended
	}
	return errors.Join(errs...)
}
