// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"fmt"
	"sync"
	"testing"

	"tcni.dev/e2e/cri"
)

// TestContainerdCrowd starts pods at the same time, and removes them so.
func TestContainerdCrowd(t *testing.T) {
	for _, d := range daemons {
		t.Run(d.name, func(t *testing.T) { newContainerd(t, d, d.conflist(t)).crowd(50, annotations(t), pod.pageRates) })
	}
}

func (c *containerd) crowd(size int, annotations map[string]string, measure func(pod)) {
	c.t.Helper()
	before := c.snapshot()
	pods, errs := make([]*cri.Pod, size), make([]error, size)
	together := func(do func(i int) error) {
		var all sync.WaitGroup
		for i := range size {
			all.Go(func() { errs[i] = do(i) })
		}
		all.Wait()
		for i, err := range errs {
			if err != nil {
				c.t.Errorf("pod %d: %v", i, err)
			}
		}
	}
	together(func(i int) (err error) {
		pods[i], err = c.RunPod(c.t.Context(), fmt.Sprintf("web-%d", i), "default", annotations)
		return err
	})
	for i, p := range pods {
		if p == nil {
			c.t.FailNow()
		}
		if i%(size/3) == 0 {
			measure(pod{c.node, p.NS, p.IPs[0]})
		}
	}
	together(func(i int) error { return c.RemovePod(c.t.Context(), pods[i]) })
	c.unchanged(before, "all pods")
}
