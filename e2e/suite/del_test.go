// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

// delCase is a DEL that lacks what it would like to have.
type delCase struct {
	name    string
	prepare func(n *network)
	entry   lab.Conf
	netns   bool // CNI_NETNS is given
}

// noPrev takes prevResult away.
var noPrev = lab.Conf{"prevResult": nil}

func nothing(*network) {}

func removeRecord(n *network) { n.tamper(n.Node, "rm -r "+lab.RecordDir) }

// spoilRecord leaves a file that cannot be read.
func spoilRecord(n *network) {
	n.tamper(n.Node, `find /run/tcni -name *.json -exec truncate -s 9 {} ;`)
}

var delCases = []delCase{
	{"no netns, no prevResult", nothing, noPrev, false},
	{"no record", removeRecord, nil, true},
	{"nothing but the name", removeRecord, noPrev, false},
	{"spoilt record", spoilRecord, nil, true},
	{"garbage shape", nothing, lab.Conf{
		"egress": 17, "ingress": "delay of rabbits", "placement": []int{1}, "policy": "none", "unknown": true,
		"runtimeConfig": lab.Conf{"io.kubernetes.cri.pod-annotations": lab.Conf{"tcni.dev/egress": "{{{"}},
		"args":          lab.Conf{"cni": "tcni"},
	}, true},
	{"garbage prevResult", nothing, lab.Conf{"prevResult": lab.Conf{"ips": "none", "cniVersion": "1.1.0"}}, true},
	{"other placement", nothing, lab.Conf{"placement": "host"}, true},
}

// TestDel leaves nothing, whatever DEL is not told.
func TestDel(t *testing.T) {
	for _, tt := range delCases {
		for _, place := range placements {
			t.Run(tt.name+"/"+string(place), func(t *testing.T) {
				t.Parallel()
				n := newNetwork(t, ptp)
				before := n.snapshot()
				n.ok(lab.ADD, shape(place))
				tt.prepare(n)
				a := n.attach
				if !tt.netns {
					a.NetNS = ""
				}
				for range 3 {
					run := n.run(lab.DEL, a, n.stdin(tt.entry))
					if run.ExitCode != 0 || run.Stdout != "" {
						t.Fatalf("DEL: exit %d: %s%s", run.ExitCode, run.Stdout, run.Stderr)
					}
				}
				if tt.netns || place == conf.PlaceHost {
					n.unchanged(before, "DEL")
					return
				}
				n.nodeUnchanged(before) // what is in the container ends with it
			})
		}
	}
}

// nodeUnchanged looks at the node alone.
func (n *network) nodeUnchanged(before lab.Snapshot) {
	n.t.Helper()
	only := func(s lab.Snapshot) (out lab.Snapshot) {
		for _, sec := range canonical(s) {
			if len(sec.Name) > 5 && sec.Name[:5] == "node:" {
				out = append(out, sec)
			}
		}
		return out
	}
	if d := only(n.snapshot()).Diff(only(before)); d != "" {
		n.t.Errorf("on the node:\n%s", d)
	}
}

// TestDelWithoutNetns comes after the namespace has gone, as after a reboot of
// the container: the path is not there, or is an empty file.
func TestDelWithoutNetns(t *testing.T) {
	for _, place := range placements {
		for name, prepare := range map[string]string{"gone": "true", "empty file": "touch /run/netns/web"} {
			t.Run(string(place)+"/"+name, func(t *testing.T) {
				t.Parallel()
				n := newNetwork(t, ptp)
				n.ok(lab.ADD, shape(place))
				if err := n.RemoveContainer("web"); err != nil {
					t.Fatal(err)
				}
				n.tamper(n.Node, prepare)
				n.ok(lab.DEL, shape(place))
				n.waitGone()
			})
		}
	}
}
