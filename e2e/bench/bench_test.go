// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tcni.dev/conf"
	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// TestGroups holds the table together: IDs are unique, references are there.
func TestGroups(t *testing.T) {
	for _, netem := range []bool{true, false} {
		seen := map[string]bool{}
		for _, g := range allGroups(netem) {
			for _, row := range g.Rows {
				if seen[row.ID] {
					t.Errorf("two rows %s", row.ID)
				}
				seen[row.ID] = true
				for _, ratio := range row.Ratios {
					if g.Row(ratio.Of) == nil {
						t.Errorf("row %s: no row %s in its group", row.ID, ratio.Of)
					}
				}
			}
		}
	}
}

func TestOrder(t *testing.T) {
	first := map[int]int{}
	for round := range 12 {
		var who []int
		for i := range 3 {
			who = append(who, order(round, i, 3))
		}
		first[who[0]]++
		slices.Sort(who)
		if d := cmp.Diff([]int{0, 1, 2}, who); d != "" {
			t.Errorf("round %d: %s", round, d)
		}
	}
	if d := cmp.Diff(map[int]int{0: 4, 1: 4, 2: 4}, first); d != "" {
		t.Errorf("who begins: %s", d)
	}
}

// TestShapes has the plugin's own parser read what we ask of it.
func TestShapes(t *testing.T) {
	p := pod{Attachment: lab.Attachment{ContainerID: "c", NetNS: "/run/netns/c", IfName: "eth0"}, host: "v-c"}
	for name, tc := range map[string]struct {
		entry entry
		rules int
	}{
		"rate":  {oursRate, 0},
		"rates": {bothWays(fourRates), 4},
		"netem": {bothWays(fourNetems), 4},
		"rules": {oursRules(5000), 5000},
		"busy":  {bothWays(func() lab.Conf { return differentDelays(200) }), 200},
		"gc":    {collect([]pod{p}), -1},
	} {
		input, err := tc.entry.input(lab.ADD, p)
		if err != nil {
			t.Fatal(err)
		}
		c, err := conf.Parse(input, conf.Env{IfName: "eth0"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if tc.rules < 0 {
			continue
		}
		if len(c.Egress.Rules) != tc.rules || len(c.Ingress.Rules) != tc.rules || len(c.Warnings) > 0 {
			t.Errorf("%s: %d and %d rules, warnings %q", name, len(c.Egress.Rules), len(c.Ingress.Rules), c.Warnings)
		}
	}
}

func TestGoResults(t *testing.T) {
	g := goGroup().Group
	addGoResults(&g, "conf", `goos: linux
BenchmarkParseRate-2           	     100	     14322 ns/op	    3849 B/op	      73 allocs/op
BenchmarkParseRate-2           	     100	     14400 ns/op	    3849 B/op	      73 allocs/op
BenchmarkParseRules/1000-2     	       1	   6006000 ns/op	 2779248 B/op	   31973 allocs/op
BenchmarkOther-2               	       1	   1 ns/op	 2 B/op	   3 allocs/op
PASS
`)
	row := g.Row("go/conf/ParseRate")
	if d := cmp.Diff([]float64{14322e-9, 14400e-9}, row.Samples, cmpopts.EquateApprox(1e-9, 0)); d != "" || row.Note != "3849 B, 73 allocations" {
		t.Error(d, row.Note)
	}
	if n := len(g.Row("go/conf/ParseRules/1000").Samples); n != 1 {
		t.Errorf("%d samples", n)
	}
	if g.Row("go/conf/ParseTypical").Problem == "" || g.Row("go/pkg/plan/BuildRate").Problem != "" {
		t.Error("what is missing is not told, or too much")
	}
	if !regexp.MustCompile(pattern("pkg/rtnl")).MatchString("BenchmarkEncode") {
		t.Error("the pattern does not select our benchmark")
	}
}

// TestRun measures a little of everything that needs no virtual machine.
func TestRun(t *testing.T) {
	labtest.RequireRoot(t)
	opt := Options{Quick: true, Progress: io.Discard, Want: regexp.MustCompile("^process/|^packet/(none|htb|u32/10$)|^memory/tcni$|^size/")}
	rep, err := Run(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range rep.Groups {
		for _, row := range g.Rows {
			if row.Problem != "" || row.Median() <= 0 {
				t.Errorf("%s: median %v, problem %q", row.ID, row.Median(), row.Problem)
			}
		}
	}
	if rep.Row("many/add/tcni") != nil {
		t.Error("a row was measured that nobody wanted")
	}
}

// TestFailure reads a plugin's error document.
func TestFailure(t *testing.T) {
	labtest.RequireRoot(t)
	l := labtest.NewReference(t, lab.Options{})
	c, err := newCall([]byte("garbage"), []string{"CNI_COMMAND=ADD", "CNI_PATH=/", "CNI_CONTAINERID=c", "CNI_NETNS=/x", "CNI_IFNAME=eth0"}, l.Bin+"/bandwidth")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.close() })
	err = l.Node.Do(func() error {
		_, err := c.run()
		return err
	})
	if err == nil || !strings.HasPrefix(err.Error(), "bandwidth: exit 1: ") || strings.Contains(err.Error(), "{") {
		t.Errorf("error is %v", err)
	}
	row := &report.Row{Samples: []float64{1}}
	out := program(row, nil, err)
	if out.run(true); len(row.Samples) != 0 || row.Problem == "" {
		t.Errorf("row of a contender that failed: %+v", row)
	}
}

func TestRounds(t *testing.T) {
	b := &bench{Options: Options{Quick: true}}
	if d := cmp.Diff([]int{0, 1, 2}, slices.Collect(b.rounds(9, 2))); d != "" {
		t.Error(d)
	}
	b.Quick = false
	for round := range b.rounds(9, 2) {
		if round == 4 {
			break
		}
	}
}
