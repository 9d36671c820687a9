// SPDX-License-Identifier: Apache-2.0

package cri

import (
	"path/filepath"
	"strings"
	"text/template"
)

// sandboxImage is never pulled: Start loads it.
const sandboxImage = "tcni.dev/pause:e2e"

// dirs are containerd's directories, all below one.
type dirs struct{ Base, Bin string }

// Root, State and so on are derived in one place, for the configuration and for us.
func (d dirs) Root() string   { return filepath.Join(d.Base, "root") }
func (d dirs) State() string  { return filepath.Join(d.Base, "state") }
func (d dirs) Conf() string   { return filepath.Join(d.Base, "net.d") }
func (d dirs) Opt() string    { return filepath.Join(d.Base, "opt") }
func (d dirs) Socket() string { return filepath.Join(d.Base, "containerd.sock") }
func (d dirs) Config() string { return filepath.Join(d.Base, "config.toml") }
func (d dirs) Log() string    { return filepath.Join(d.Base, "containerd.log") }
func (d dirs) Image() string  { return sandboxImage }

// restrict_oom_score_adj: a process that may not lower its own score cannot lower a container's,
// and runc then fails without a word of why.
// native: the one snapshotter that works on every file system, an overlay included.
// netns_mounts_under_state_dir: not in /run/netns, where the lab's containers are.
var configTemplate = template.Must(template.New("config.toml").Parse(`version = 2
root = "{{.Root}}"
state = "{{.State}}"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp",
]

[grpc]
  address = "{{.Socket}}"

[plugins."io.containerd.internal.v1.opt"]
  path = "{{.Opt}}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{{.Image}}"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{{.Bin}}"
    conf_dir = "{{.Conf}}"
    max_conf_num = 1

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
`))

// config is the text of containerd's configuration, version 2.
func (d dirs) config() (string, error) {
	var b strings.Builder
	err := configTemplate.Execute(&b, d)
	return b.String(), err
}
