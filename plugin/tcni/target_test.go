// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"testing"

	"tcni.dev/pkg/attach"
)

// TestAdoptedBesideTarget has GC and DEL of a network with a target know of what
// tcnictl has adopted under the name that the runtime has for the interface.
func TestAdoptedBesideTarget(t *testing.T) {
	r := newRuntime(t)
	r.args.IfName, r.args.Netns = "net1", ""
	records := attach.Records{Dir: r.dir + "/records"}
	id := attach.Identity{Network: "net", ContainerID: "c1", IfName: "net1"}
	const conf = `{"cniVersion":"1.1.0","name":"net","type":"tcni","target":"eth0"%s}`
	for _, c := range []struct {
		verb, more string
		stays      bool
	}{
		{"GC", `,"cni.dev/valid-attachments":[{"containerID":"c1","ifname":"net1"}]`, true},
		{"GC", `,"cni.dev/valid-attachments":[{"containerID":"c2","ifname":"net1"}]`, false},
		{"DEL", "", false},
	} {
		if err := os.MkdirAll(records.Dir, 0o755); err != nil {
			t.Fatal(err)
		}
		r.write("records/"+string(id.Mark())+".json", `{"version":1,"network":"net","containerID":"c1","ifName":"net1","companion":true}`)
		if _, err := r.call(c.verb, fmt.Sprintf(conf, c.more)); err != nil {
			t.Error(err)
		}
		if records.Has(id.Mark()) != c.stays {
			t.Errorf("%s%s: it stays: %v, want %v", c.verb, c.more, !c.stays, c.stays)
		}
	}
}
