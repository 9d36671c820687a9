// SPDX-License-Identifier: Apache-2.0

package cri

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// SetConflist replaces the node's CNI configuration and waits until containerd has taken it, which
// it tells by the text. Running pods keep what they have; their DEL gets the new one.
func (c *Containerd) SetConflist(ctx context.Context, conflist []byte) error {
	// In place: containerd (1.6) watches for writes, and does not see a file renamed into the directory.
	if err := os.WriteFile(c.conflistPath(), conflist, 0o644); err != nil {
		return fmt.Errorf("set conflist: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		res, err := c.Runtime.Status(ctx, &runtimeapi.StatusRequest{Verbose: true})
		if err != nil {
			return fmt.Errorf("set conflist: %w", err)
		}
		if same, err := loaded(res.GetInfo()["cniconfig"], conflist); same || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("set conflist: containerd does not take it: %s", res.GetInfo()["lastCNILoadStatus"])
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// loaded looks for the conflist's text in what containerd says it uses.
func loaded(info string, conflist []byte) (bool, error) {
	var v struct {
		Networks []struct{ Config struct{ Source string } }
	}
	if err := json.Unmarshal([]byte(info), &v); err != nil {
		return false, fmt.Errorf("set conflist: containerd's configuration: %w", err)
	}
	for _, n := range v.Networks {
		if strings.TrimSpace(n.Config.Source) == strings.TrimSpace(string(conflist)) {
			return true, nil
		}
	}
	return false, nil
}
