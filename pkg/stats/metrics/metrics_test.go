// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"strings"
	"testing"

	"tcni.dev/pkg/view"
)

// TestUnreadable holds that attachments of which nothing is known are told apart,
// and keep nobody's counters back.
func TestUnreadable(t *testing.T) {
	list := []view.Stats{
		{Mark: "tcni-1", Error: "unexpected end of JSON input"},
		{Mark: "tcni-2", Error: "unexpected end of JSON input"},
		{Mark: "tcni-3", ContainerID: "c3", Network: "net", IfName: "eth0", Directions: []view.Direction{
			{Direction: "egress", Classes: []view.Class{{Class: "7c00:3", Rules: []string{view.RuleDefault}, Counts: view.Counts{Packets: 7}}}},
		}},
	}
	var b strings.Builder
	if err := Write(&b, list); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`tcni_attachment_readable{container_id="",interface="",mark="tcni-1",namespace="",network="",pod=""} 0`,
		`tcni_attachment_readable{container_id="",interface="",mark="tcni-2",namespace="",network="",pod=""} 0`,
		`tcni_attachment_readable{container_id="c3",interface="eth0",mark="tcni-3",namespace="",network="net",pod=""} 1`,
		`tcni_packets_total{class="7c00:3",container_id="c3",direction="egress",interface="eth0",namespace="",network="net",pod="",rules="default"} 7`,
	} {
		if !strings.Contains(b.String(), want+"\n") {
			t.Errorf("no line %s in\n%s", want, b.String())
		}
	}
}
