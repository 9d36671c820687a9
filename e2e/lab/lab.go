// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Options say what a lab has from the start. The zero value is a node alone, with the binaries
// of [Bin].
type Options struct {
	// Bin is the directory of the plugin binaries; where it is empty, [Bin] finds or builds them.
	Bin string
	// Worlds to put behind the node; see [DefaultWorlds].
	Worlds []World
}

// Lab is a node with containers and worlds. Its methods may be called from several goroutines.
type Lab struct {
	// Node is the node under test: its network and mount namespace.
	Node *NS
	// Dir is the lab's directory, the same path on the machine and in the node.
	Dir string
	// Bin is the directory of the plugin binaries as the node sees it.
	Bin string

	work *workdir

	mu         sync.Mutex
	containers map[string]*NS
	worlds     map[string]*NS
	jails      []*Jail
	closed     bool
}

// New makes a lab. On an error nothing is left behind.
func New(ctx context.Context, opt Options) (*Lab, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("lab: namespaces need root")
	}
	if err := Sweep(); err != nil {
		return nil, fmt.Errorf("lab: sweep: %w", err)
	}
	bin, err := opt.Bin, error(nil)
	if bin == "" {
		bin, err = Bin(ctx)
	} else {
		bin, err = filepath.Abs(bin)
	}
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	work, err := newWorkdir()
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	l := &Lab{
		Dir: work.path, Bin: filepath.Join(work.path, "bin"), work: work,
		containers: map[string]*NS{}, worlds: map[string]*NS{},
	}
	if err := l.build(bin, opt.Worlds); err != nil {
		return nil, errors.Join(fmt.Errorf("lab: %w", err), l.Close())
	}
	return l, nil
}

func (l *Lab) build(bin string, worlds []World) (err error) {
	if l.Node, err = newNode(l.Dir, bin); err != nil {
		return err
	}
	if err := linkUp(l.Node, "lo"); err != nil {
		return err
	}
	for _, w := range worlds {
		if _, err := l.AddWorld(w); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the lab: processes of its jails are killed, namespaces and the directory go. It may be
// called more than once.
func (l *Lab) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	var errs []error
	for _, j := range l.jails {
		errs = append(errs, j.Close())
	}
	for _, m := range []map[string]*NS{l.containers, l.worlds} {
		for _, ns := range m {
			errs = append(errs, ns.Close())
		}
	}
	if l.Node != nil {
		errs = append(errs, l.Node.closeAll())
	}
	return errors.Join(append(errs, l.work.remove())...)
}
