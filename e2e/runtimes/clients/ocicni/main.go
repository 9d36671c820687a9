// SPDX-License-Identifier: Apache-2.0

// Command ocicni does with CRI-O's networking library what CRI-O does with it, one step a call.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/cri-o/ocicni/pkg/ocicni"
)

const usage = `usage: ocicni STEP <REQUEST

Does one step of a pod's life with CRI-O's library. The request is JSON: "ConfDir",
"BinDir", "CacheDir", and "Pods" as ocicni.PodNetwork.

  run     the first pod's ADD and the CHECK that CRI-O makes right after
  stop    its DEL
  start   GC with the pods as those that are valid: what CRI-O does when it starts
  status  STATUS of the default network
`

// request is what a step works on.
type request struct {
	ConfDir, BinDir, CacheDir string
	Pods                      []*ocicni.PodNetwork
}

// steps are CRI-O's, by name.
var steps = map[string]func(ocicni.CNIPlugin, []*ocicni.PodNetwork) error{
	"run": func(p ocicni.CNIPlugin, pods []*ocicni.PodNetwork) error {
		if _, err := p.SetUpPod(*pods[0]); err != nil {
			return err
		}
		_, err := p.GetPodNetworkStatus(*pods[0])
		return err
	},
	"stop":   func(p ocicni.CNIPlugin, pods []*ocicni.PodNetwork) error { return p.TearDownPod(*pods[0]) },
	"start":  func(p ocicni.CNIPlugin, pods []*ocicni.PodNetwork) error { return p.GC(context.Background(), pods) },
	"status": func(p ocicni.CNIPlugin, _ []*ocicni.PodNetwork) error { return p.Status() },
}

func main() {
	if len(os.Args) != 2 || steps[os.Args[1]] == nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "ocicni: %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

func run(step string) error {
	var r request
	if err := json.NewDecoder(os.Stdin).Decode(&r); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	plugin, err := ocicni.InitCNINoInotify("", r.ConfDir, r.CacheDir, r.BinDir)
	if err != nil {
		return err
	}
	return steps[step](plugin, r.Pods)
}
