// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"tcni.dev/conf"
)

// CacheDirs are where libcni keeps what each network's ADD was given and returned,
// longer than the container where that ended without DEL: for containerd, CRI-O,
// podman and nerdctl (libcni's CacheDir), and for what Multus calls. Where two know
// an interface the later tells more: the former has Multus' own network for it.
var CacheDirs = []string{"/var/lib/cni/results", "/var/lib/cni/multus/results"}

// cached is a file of the cache: cachedInfo in libcni's api.go, version
// cniCacheV1. Netns came with libcni 1.2.
type cached struct {
	Kind        string      `json:"kind"`
	ContainerID string      `json:"containerId"`
	IfName      string      `json:"ifName"`
	NetworkName string      `json:"networkName"`
	Netns       string      `json:"netns"`
	CNIArgs     [][2]string `json:"cniArgs"`
	Result      struct {
		Interfaces []struct {
			Name    string `json:"name"`
			Sandbox string `json:"sandbox"`
		} `json:"interfaces"`
	} `json:"result"`
}

// Unshaped finds the attachments that libcni knows of and whose interfaces are not
// among known: nobody asked for a shape when they were added. A directory that is not
// there has none; files that cannot be read, and those of containers that have
// ended, are passed over.
func Unshaped(cacheDirs []string, known []Known) ([]Known, error) {
	taken := map[Mark]bool{} // the ends of marks: interfaces, in whatever networks
	for _, k := range known {
		taken[k.Mark.ofInterface()] = true
	}
	var out []Known
	for _, dir := range slices.Backward(cacheDirs) {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("libcni's cache: %w", err)
		}
		for _, e := range entries {
			rec, ok := readCached(filepath.Join(dir, e.Name()))
			if m := rec.Mark(); ok && !taken[m.ofInterface()] && notOurs(rec.Netns) == nil {
				taken[m.ofInterface()] = true
				out = append(out, Known{Mark: m, Record: rec, Unshaped: true})
			}
		}
	}
	slices.SortFunc(out, Known.compare)
	return out, nil
}

func readCached(path string) (Record, bool) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Record{}, false
	}
	return parseCached(data)
}

func parseCached(data []byte) (rec Record, ok bool) {
	var c cached
	if json.Unmarshal(data, &c) != nil || c.Kind != "cniCacheV1" || c.IfName == "lo" {
		return rec, false
	}
	rec = Record{Identity: Identity{c.NetworkName, c.ContainerID, c.IfName}, Netns: c.Netns, Companion: true}
	for _, i := range c.Result.Interfaces {
		if rec.Netns == "" && i.Name == c.IfName {
			rec.Netns = i.Sandbox
		}
	}
	for _, arg := range c.CNIArgs {
		switch arg[0] {
		case "K8S_POD_NAMESPACE":
			rec.Pod.Namespace = arg[1]
		case "K8S_POD_NAME":
			rec.Pod.Name = arg[1]
		case "K8S_POD_UID":
			rec.Pod.UID = arg[1]
		}
	}
	rec.Placement = conf.PlaceAuto
	return rec, rec.Netns != ""
}
