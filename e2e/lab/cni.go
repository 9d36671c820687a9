// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/invoke"
	"github.com/containernetworking/cni/pkg/types"
	types100 "github.com/containernetworking/cni/pkg/types/100"
	"github.com/containernetworking/cni/pkg/version"
)

// Attachment is what a runtime says about one interface of one container.
type Attachment struct {
	ContainerID string
	// NetNS is CNI_NETNS, a path in the node ([NS.Path]); empty is legal for DEL.
	NetNS  string
	IfName string
	// Args are CNI_ARGS in this order.
	Args [][2]string
	// Capabilities are the capability arguments, by capability.
	Capabilities map[string]any
}

// Attach is the usual attachment of a container: eth0, its name as id.
func (n *NS) Attach() Attachment {
	return Attachment{ContainerID: n.Name, NetNS: n.Path, IfName: "eth0"}
}

// Verb is a CNI operation on a whole chain.
type Verb string

// The operations of libcni.
const (
	ADD    Verb = "ADD"
	CHECK  Verb = "CHECK"
	DEL    Verb = "DEL"
	GC     Verb = "GC"
	STATUS Verb = "STATUS"
)

// Outcome is what a chain returned.
type Outcome struct {
	// Result is ADD's, converted to the newest version; nil for other verbs.
	Result *types100.Result
	// Stderr is what the plugins of the chain wrote there, in their order.
	Stderr string
}

// Add runs the chain of a conflist's text as a runtime's ADD. As for all verbs here, a plugin's own
// error comes back as *types.Error and can be found by errors.As.
func (l *Lab) Add(ctx context.Context, conflist []byte, a Attachment) (Outcome, error) {
	var out Outcome
	err := l.run(ADD, conflist, &out, func(c *libcni.CNIConfig, list *libcni.NetworkConfigList) error {
		res, err := c.AddNetworkList(ctx, list, a.runtimeConf())
		if err != nil {
			return err
		}
		out.Result, err = types100.GetResult(res)
		return err
	})
	return out, err
}

// Check runs the chain's CHECK, with the result of the last ADD from libcni's cache.
func (l *Lab) Check(ctx context.Context, conflist []byte, a Attachment) (Outcome, error) {
	var out Outcome
	err := l.run(CHECK, conflist, &out, func(c *libcni.CNIConfig, list *libcni.NetworkConfigList) error {
		return c.CheckNetworkList(ctx, list, a.runtimeConf())
	})
	return out, err
}

// Del runs the chain's DEL, last plugin first, with the result of the last ADD if libcni has one.
func (l *Lab) Del(ctx context.Context, conflist []byte, a Attachment) (Outcome, error) {
	var out Outcome
	err := l.run(DEL, conflist, &out, func(c *libcni.CNIConfig, list *libcni.NetworkConfigList) error {
		return c.DelNetworkList(ctx, list, a.runtimeConf())
	})
	return out, err
}

// GC runs the chain's GC with the attachments that are still valid. libcni first calls DEL for
// those that it has in its cache and that are not among them.
func (l *Lab) GC(ctx context.Context, conflist []byte, valid ...Attachment) (Outcome, error) {
	args := &libcni.GCArgs{ValidAttachments: []types.GCAttachment{}}
	for _, a := range valid {
		args.ValidAttachments = append(args.ValidAttachments,
			types.GCAttachment{ContainerID: a.ContainerID, IfName: a.IfName})
	}
	var out Outcome
	err := l.run(GC, conflist, &out, func(c *libcni.CNIConfig, list *libcni.NetworkConfigList) error {
		return c.GCNetworkList(ctx, list, args)
	})
	return out, err
}

// Status runs the chain's STATUS.
func (l *Lab) Status(ctx context.Context, conflist []byte) (Outcome, error) {
	var out Outcome
	err := l.run(STATUS, conflist, &out, func(c *libcni.CNIConfig, list *libcni.NetworkConfigList) error {
		return c.GetStatusNetworkList(ctx, list)
	})
	return out, err
}

func (l *Lab) run(verb Verb, conflist []byte, out *Outcome,
	fn func(*libcni.CNIConfig, *libcni.NetworkConfigList) error) error {
	list, err := libcni.NetworkConfFromBytes(conflist)
	if err != nil {
		return fmt.Errorf("conflist: %w", err)
	}
	var stderr bytes.Buffer
	exec := &invoke.DefaultExec{
		RawExec:       &invoke.RawExec{Stderr: &stderr},
		PluginDecoder: version.PluginDecoder{},
	}
	c := libcni.NewCNIConfigWithCacheDir([]string{l.Bin}, filepath.Join(l.Dir, "cni"), exec)
	err = l.Node.Do(func() error { return fn(c, list) })
	out.Stderr = stderr.String()
	if err != nil {
		return fmt.Errorf("chain %s: %s: %w", list.Name, verb, err)
	}
	return nil
}

func (a Attachment) runtimeConf() *libcni.RuntimeConf {
	return &libcni.RuntimeConf{
		ContainerID: a.ContainerID, NetNS: a.NetNS, IfName: a.IfName,
		Args: a.Args, CapabilityArgs: a.Capabilities,
	}
}
