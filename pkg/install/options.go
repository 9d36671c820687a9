// SPDX-License-Identifier: Apache-2.0

package install

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Where runtimes look unless they are told otherwise.
const (
	DefaultBinDir  = "/opt/cni/bin"
	DefaultConfDir = "/etc/cni/net.d"
)

// Options say what to install and where. The zero value takes the tcni that lies beside the running
// executable and puts it into the active file of the default directories.
type Options struct {
	// Source is the plugin's executable; "" is the file named tcni beside the running executable.
	Source string
	// BinDir and ConfDir are the two directories; "" is the default.
	BinDir, ConfDir string
	// Network chooses the file by the network's name; "" is the active file.
	Network string
	// Entry is the plugin's entry. Its "type" is also the name of the executable in BinDir: tcni, or
	// bandwidth, to take the place of the reference plugin of that name. With none, an entry that
	// is there is left as it is, and a new one takes annotations and, unless a plugin before it
	// does, the bandwidth capability.
	Entry json.RawMessage
	// Force lets an executable be put there, be written over, or be purged that is not tcni. One
	// that is written over is lost.
	Force bool
	// Purge makes an uninstall remove the executable too, unless a network names it still. CRI-O
	// and podman call it for containers that were started with it, and keep those that it cannot be
	// called for.
	Purge bool
	// Withdraw makes Watch uninstall at its end: an uninstall beside it is undone at once.
	Withdraw bool
	// OnStep, if given, is called before each change to the file system. An error ends the work
	// there, as a crash would: what comes after it repairs that.
	OnStep func(Step) error
}

// Step is one change to the file system.
type Step struct {
	// Verb is "write", "rename", "notify" or "remove".
	Verb string
	Path string
}

// String is the step for people.
func (s Step) String() string { return s.Verb + " " + s.Path }

// The types that the plugin is installed as: its own, where Options.Entry does not say otherwise,
// and that of the reference plugin whose place it can take.
const (
	entryType     = "tcni"
	bandwidthType = "bandwidth"
)

func (o Options) binDir() string  { return orDefault(o.BinDir, DefaultBinDir) }
func (o Options) confDir() string { return orDefault(o.ConfDir, DefaultConfDir) }

func orDefault(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// source is the path of the executable to install.
func (o Options) source() (string, error) {
	if o.Source != "" {
		return o.Source, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find tcni beside this executable: %w", err)
	}
	return filepath.Join(filepath.Dir(self), entryType), nil
}

// newEntry is what is put into a list that has no entry yet.
func (o Options) newEntry(l *list) json.RawMessage {
	switch {
	case len(o.Entry) > 0:
		return o.Entry
	case l.takesBandwidth():
		return json.RawMessage(`{"type": "tcni", "capabilities": {"io.kubernetes.cri.pod-annotations": true}}`)
	}
	return json.RawMessage(`{"type": "tcni", "capabilities": {"bandwidth": true, "io.kubernetes.cri.pod-annotations": true}}`)
}
