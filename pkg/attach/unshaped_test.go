// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestUnshapedIsTheOneOfTheCache passes over a container that is not the one that
// the cache tells of, behind a path that was that one's.
func TestUnshapedIsTheOneOfTheCache(t *testing.T) {
	n := newNode(t)
	n.inPod("ip link set eth0 address 02:00:00:00:00:07")
	n.inPod("ip addr add 10.9.0.2/24 dev eth0")
	n.inPod("ip -6 addr add fd00:9::2/64 dev eth0 nodad")
	const host = `{"name":"eth0","mac":"02:00:00:00:00:01"}`
	for _, c := range []struct {
		result string
		there  bool
	}{
		{`{}`, true},
		{`{"interfaces":[HOST,{"name":"eth0","mac":"02:00:00:00:00:07","sandbox":"x"}]}`, true},
		{`{"interfaces":[HOST,{"name":"eth0","sandbox":"x"}],"ips":[{"address":"10.9.0.2/24"}]}`, true},
		{`{"interfaces":[HOST,{"name":"eth0","mac":"02:00:00:00:00:07","sandbox":"x"}],"ips":[{"address":"10.9.9.9/24"},{"address":"fd00:9::2/64"}]}`, true},
		{`{"interfaces":[HOST,{"name":"eth0","mac":"02:00:00:00:00:08","sandbox":"x"}],"ips":[{"address":"10.9.0.2/24"}]}`, false},
		{`{"interfaces":[HOST,{"name":"eth0","mac":"02:00:00:00:00:07","sandbox":"x"}],"ips":[{"address":"10.9.0.3/24"}]}`, false},
		{`{"ip4":{"ip":"10.9.0.2/24"}}`, true},
		{`{"ip4":{"ip":"10.9.0.3/24"}}`, false},
		{`{"ip4":{"ip":"10.9.0.3/24"},"ip6":{"ip":"fd00:9::2/64"}}`, true},
	} {
		cache := t.TempDir()
		result := strings.ReplaceAll(c.result, "HOST", host)
		info := fmt.Sprintf(`{"kind":"cniCacheV1","containerId":"c1","ifName":"eth0","networkName":"net","netns":%q,"result":%s}`, n.pod, result)
		if err := os.WriteFile(cache+"/net-c1-eth0", []byte(info), 0o600); err != nil {
			t.Fatal(err)
		}
		if known, err := Unshaped([]string{cache}, nil); err != nil || len(known) == 1 != c.there {
			t.Errorf("%s: %v, %v; want it there: %v", result, known, err, c.there)
		}
	}
}
