// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"
	"path/filepath"
)

// Env is the environment of a single plugin's call with this attachment, for [NS.Exec].
func (l *Lab) Env(verb Verb, a Attachment) []string {
	env := []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"CNI_COMMAND=" + string(verb), "CNI_PATH=" + l.Bin, "CNI_CONTAINERID=" + a.ContainerID,
		"CNI_NETNS=" + a.NetNS, "CNI_IFNAME=" + a.IfName,
	}
	args := ""
	for i, kv := range a.Args {
		if i > 0 {
			args += ";"
		}
		args += kv[0] + "=" + kv[1]
	}
	if args != "" {
		env = append(env, "CNI_ARGS="+args)
	}
	return env
}

// Plugin runs one plugin of the lab's directory in the node with exactly the given environment and
// input; see [Lab.Env].
func (l *Lab) Plugin(ctx context.Context, name string, env []string, stdin []byte) (Run, error) {
	return l.Node.Exec(ctx, Command{Path: filepath.Join(l.Bin, name), Env: env, Stdin: stdin})
}
