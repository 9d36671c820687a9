// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"tcni.dev/e2e/lab"
)

// ClientsEnv names the environment variable with a directory that [Clients] has filled before; where
// it is set, nothing is built.
const ClientsEnv = "TCNI_CLIENTS"

// modules are the clients' modules, with the packages to build.
var modules = []struct {
	dir      string
	packages []string
}{
	{"clients", []string{"./ocicni", "github.com/containernetworking/cni/cnitool"}},
	{"manifests", []string{"."}},
	{"multus", []string{"gopkg.in/k8snetworkplumbingwg/multus-cni.v4/cmd/multus"}},
	{"containerd2", []string{
		"github.com/containerd/containerd/v2/cmd/containerd",
		"github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
	}},
}

// Clients returns the directory of the clients' executables: [ClientsEnv] where that is set,
// otherwise one in the repository's cache, which is brought up to date first. The first build takes
// some minutes of the processor, a later one seconds.
func Clients(ctx context.Context) (string, error) {
	if dir := os.Getenv(ClientsEnv); dir != "" {
		return dir, nil
	}
	root, err := lab.ModuleRoot(ctx)
	if err != nil {
		return "", fmt.Errorf("clients: %w", err)
	}
	dir := filepath.Join(filepath.Dir(root), ".cache", "runtimes")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("clients: %w", err)
	}
	unlock, err := lab.Lock(dir + ".lock")
	if err != nil {
		return "", fmt.Errorf("clients: %w", err)
	}
	defer unlock()
	for _, m := range modules {
		if err := buildClients(ctx, filepath.Join(root, "runtimes", m.dir), dir, m.packages); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// buildClients builds what has changed since; go build leaves the rest alone.
func buildClients(ctx context.Context, module, dir string, packages []string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", dir + "/"}, packages...)...)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=readonly -buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w: %s", filepath.Base(module), err, out)
	}
	return nil
}
