// SPDX-License-Identifier: Apache-2.0

// Command driver sets up and tears down a pod's networks with rkt's own code, as
// rkt's stage 1 and its garbage collection do.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"runtime"

	"github.com/appc/spec/schema/types"
	"github.com/hashicorp/errwrap"
	"github.com/rkt/rkt/common"
	"github.com/rkt/rkt/networking"
)

const usage = `usage: driver -root DIR -config DIR -pod UUID [-net LIST] setup|teardown|cleanup

  -root DIR    the pod's directory
  -config DIR  rkt's local configuration: DIR/net.d has networks and plugins
  -pod UUID    the pod
  -net LIST    as for rkt run --net

setup prints the pod's network namespace and addresses as JSON. teardown is for
a pod that was set up, cleanup for one that was not.
`

// pod is what setup prints.
type pod struct {
	Netns string `json:"netns"`
	Nets  []netInfo
}

type netInfo struct {
	NetName, IfName string
	IP              net.IP
}

func main() {
	// Setup moves the thread into the pod's namespace.
	runtime.LockOSThread()
	if err := run(); err != nil {
		errwrap.Walk(err, func(err error) { fmt.Fprintln(os.Stderr, "driver:", err) })
		os.Exit(1)
	}
}

func run() error {
	var root, config, id, list string
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	flag.StringVar(&root, "root", "", "")
	flag.StringVar(&config, "config", "", "")
	flag.StringVar(&id, "pod", "", "")
	flag.StringVar(&list, "net", "", "")
	flag.Parse()
	uuid, err := types.NewUUID(id)
	if err != nil {
		return err
	}
	// rkt's own code runs in the pod's directory, and calls it ".".
	if err := os.Chdir(root); err != nil {
		return err
	}
	switch flag.Arg(0) {
	case "setup":
		return setup(*uuid, config, list)
	case "teardown":
		n, err := networking.Load(".", uuid, config)
		if err != nil {
			return err
		}
		n.Teardown("", true)
		return nil
	case "cleanup":
		return networking.CleanUpGarbage(".", uuid)
	}
	flag.Usage()
	return errors.New("no such command")
}

func setup(uuid types.UUID, config, list string) error {
	var nets common.NetList
	if err := nets.Set(list); err != nil {
		return err
	}
	n, err := networking.Setup(".", uuid, nil, nets, config, "", true, true)
	if err != nil {
		return err
	}
	if err := n.Save(); err != nil {
		return err
	}
	netns, err := os.ReadFile("netns")
	if err != nil {
		return err
	}
	p := pod{Netns: string(netns)}
	info, err := os.ReadFile("net-info.json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(info, &p.Nets); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(p)
}
