// SPDX-License-Identifier: Apache-2.0

package cri

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"

	"tcni.dev/e2e/lab"
)

// Pod is a running sandbox.
type Pod struct {
	// ID of the sandbox, which is the CNI container id.
	ID        string
	Name      string
	Namespace string
	// NetNS is the path of its network namespace inside the jail, as plugins got it.
	NetNS string
	// NS is that namespace, to measure in; it stays open after the pod is gone, until RemovePod.
	NS *lab.NS
	// IPs are its addresses, the primary one first.
	IPs []netip.Addr
}

// RunPod starts a pod's sandbox, for which containerd runs the CNI chain. A plugin's error is in the
// error's text, as it would be in the pod's events; containerd has then called DEL already.
func (c *Containerd) RunPod(ctx context.Context, name, namespace string, annotations map[string]string) (*Pod, error) {
	res, err := c.Runtime.RunPodSandbox(ctx, &runtimeapi.RunPodSandboxRequest{
		Config: &runtimeapi.PodSandboxConfig{
			Metadata:    &runtimeapi.PodSandboxMetadata{Name: name, Namespace: namespace, Uid: namespace + "-" + name},
			Hostname:    name,
			Annotations: annotations,
			// A group of our own, so that what a killed run leaves can be told and removed.
			Linux: &runtimeapi.LinuxPodSandboxConfig{CgroupParent: "/" + filepath.Base(c.lab.Dir)},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("run pod %s/%s: %w", namespace, name, err)
	}
	p := &Pod{ID: res.PodSandboxId, Name: name, Namespace: namespace}
	if err := c.inspect(ctx, p); err != nil {
		return nil, errors.Join(fmt.Errorf("run pod %s/%s: %w", namespace, name, err), c.RemovePod(ctx, p))
	}
	return p, nil
}

// inspect asks for the sandbox's addresses and, in containerd's verbose part, for its namespace.
func (c *Containerd) inspect(ctx context.Context, p *Pod) error {
	res, err := c.Runtime.PodSandboxStatus(ctx,
		&runtimeapi.PodSandboxStatusRequest{PodSandboxId: p.ID, Verbose: true})
	if err != nil {
		return err
	}
	network := res.GetStatus().GetNetwork()
	texts := []string{network.GetIp()}
	for _, ip := range network.GetAdditionalIps() {
		texts = append(texts, ip.GetIp())
	}
	for _, text := range texts {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return fmt.Errorf("address of the sandbox: %w", err)
		}
		p.IPs = append(p.IPs, ip)
	}
	if p.NetNS, err = netnsOf(res.GetInfo()["info"]); err != nil {
		return err
	}
	p.NS, err = c.jail.Open(namespaceName(p), p.NetNS)
	return err
}

func namespaceName(p *Pod) string { return p.Namespace + "/" + p.Name }

// netnsOf finds the path in the OCI runtime specification that containerd reports.
func netnsOf(info string) (string, error) {
	var v struct {
		RuntimeSpec struct {
			Linux struct {
				Namespaces []struct{ Type, Path string }
			}
		}
	}
	if err := json.Unmarshal([]byte(info), &v); err != nil {
		return "", fmt.Errorf("information of the sandbox: %w", err)
	}
	for _, ns := range v.RuntimeSpec.Linux.Namespaces {
		if ns.Type == "network" && ns.Path != "" {
			return ns.Path, nil
		}
	}
	return "", errors.New("information of the sandbox: no path of a network namespace")
}

// StopPod stops a sandbox: containerd calls DEL and removes the network namespace.
func (c *Containerd) StopPod(ctx context.Context, p *Pod) error {
	_, err := c.Runtime.StopPodSandbox(ctx, &runtimeapi.StopPodSandboxRequest{PodSandboxId: p.ID})
	if err != nil {
		return fmt.Errorf("stop pod %s: %w", namespaceName(p), err)
	}
	return nil
}

// RemovePod stops a sandbox if it still runs, and removes it: containerd may call DEL once more.
func (c *Containerd) RemovePod(ctx context.Context, p *Pod) error {
	err := c.StopPod(ctx, p)
	_, rerr := c.Runtime.RemovePodSandbox(ctx, &runtimeapi.RemovePodSandboxRequest{PodSandboxId: p.ID})
	if rerr != nil {
		err = errors.Join(err, fmt.Errorf("remove pod %s: %w", namespaceName(p), rerr))
	}
	if p.NS != nil {
		err = errors.Join(err, p.NS.Close())
		p.NS = nil
	}
	return err
}
