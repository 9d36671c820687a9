// SPDX-License-Identifier: Apache-2.0

package rkt

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// binEnv names the environment variable with the directory of what is built
// from driver/; where it is set, nothing is built: so a slow virtual machine
// gets it.
const binEnv = "TCNI_RKT_BIN"

// built returns the directory of rkt's programs, which it builds once a run. The
// tests' working directory is this package's.
var built = sync.OnceValues(func() (string, error) {
	if dir := os.Getenv(binEnv); dir != "" {
		return dir, nil
	}
	dir, err := filepath.Abs("../../.cache/e2e-rkt")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", dir+"/", ".",
		"github.com/containernetworking/cni/plugins/main/ptp", "github.com/containernetworking/cni/plugins/ipam/host-local")
	cmd.Dir = "driver"
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build rkt: %w: %s", err, out)
	}
	return dir, nil
})
