// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is a tree with every kind of object.
const sample = `# host ifb0
ip link add name ifb0 txqueuelen 1000 mtu 1500 type ifb
ip link set dev ifb0 up
tc qdisc add dev ifb0 root handle 7c00: htb default 0x3 r2q 10 direct_qlen 1000
tc class add dev ifb0 parent 7c00: classid 7c00:1 htb rate 20mbit ceil 20mbit burst 3028b cburst 3028b quantum 1514
tc class add dev ifb0 parent 7c00:1 classid 7c00:3 htb prio 1 rate 10mbit ceil 20mbit burst 3028b cburst 3028b quantum 1514 overhead 14 mpu 64 linklayer atm
tc qdisc add dev ifb0 parent 7c00:3 handle 4003: tbf rate 100gbit burst 1540b limit 1gb
tc qdisc add dev ifb0 parent 4003:1 handle 1003: netem limit 1000 delay 40ms 5ms loss 0.5%
tc class add dev ifb0 parent 7c00:1 classid 7c00:10 htb rate 20mbit ceil 20mbit burst 3028b cburst 3028b
tc qdisc add dev ifb0 parent 7c00:10 handle 1010: pfifo limit 1000
tc class add dev ifb0 parent 7c00:1 classid 7c00:11 htb rate 20mbit ceil 20mbit burst 3028b cburst 3028b
tc qdisc add dev ifb0 parent 7c00:11 handle 1011: bfifo limit 64kb
tc filter add dev ifb0 parent 7c00: protocol ip pref 3000 handle ::1 u32 match u32 0x0a000500 0xffffff00 at 16 flowid 7c00:10
tc filter add dev ifb0 parent 7c00: protocol ip pref 3000 handle ::2 u32 match u32 0x00000000 0x00000000 at 0 flowid 7c00:11

# host veth0
tc qdisc add dev veth0 clsact
tc filter add dev veth0 ingress protocol all pref 31000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev ifb0
`

func parse(t *testing.T, text string) []Tree {
	t.Helper()
	trees, err := ParseTrees(text)
	if err != nil {
		t.Fatal(err)
	}
	return trees
}

func TestTreesPrintAndParse(t *testing.T) {
	if diff := cmp.Diff(sample, Text(parse(t, sample))); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	for in, want := range map[string]string{
		"tc qdisc add dev a root handle 1: htb":                    `line 1: no "# container DEVICE" or "# host DEVICE" above it`,
		"# host a\ntc qdisc del dev a root":                        `line 2: tc qdisc del dev a root: want "tc qdisc add", "tc class add" or "tc filter add"`,
		"# host a\ntc qdisc add dev b root handle 1: htb":          `line 2: tc qdisc add dev b root handle 1: htb: device "b" is not the tree's, "a"`,
		"# host a\ntc qdisc add dev a root handle 1: cake":         `line 2: tc qdisc add dev a root handle 1: cake: unknown qdisc "cake"`,
		"# host a\ntc class add dev a parent 1: classid 1:1 htb x": `line 2: tc class add dev a parent 1: classid 1:1 htb x: htb class: unknown word "x"`,
		"# host a\ntc filter add dev a parent 1: protocol ip pref": `line 2: tc filter add dev a parent 1: protocol ip pref: pref: value is missing`,
	} {
		if _, err := ParseTrees(in); err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", in, err, want)
		}
	}
}

func FuzzTrees(f *testing.F) {
	f.Add(sample)
	f.Fuzz(func(t *testing.T, text string) {
		trees, err := ParseTrees(text)
		if err != nil {
			return
		}
		once := Text(trees)
		twice, err := ParseTrees(once)
		if err != nil {
			t.Fatalf("printed:\n%s\n%v", once, err)
		}
		if diff := cmp.Diff(once, Text(twice)); diff != "" {
			t.Error(diff)
		}
	})
}

// ours claims what stands in the sample.
func ours(o Object) bool {
	switch o := o.(type) {
	case Qdisc:
		return o.Handle.Major() >= 0x1000 && o.Handle.Major() != IngressMajor
	case Filter:
		return o.Preference >= 3000
	}
	return true
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"netem changes in place", "delay 40ms 5ms", "delay 50ms",
			"tc qdisc change dev ifb0 parent 4003:1 handle 1003: netem limit 1000 delay 50ms loss 0.5%"},
		{"class changes in place", "7c00:10 htb rate 20mbit", "7c00:10 htb rate 10mbit",
			"tc class change dev ifb0 parent 7c00:1 classid 7c00:10 htb rate 10mbit ceil 20mbit burst 3028b cburst 3028b"},
		{"another kind replaces", "handle 1011: bfifo limit 64kb", "handle 1011: netem delay 1ms",
			"tc qdisc replace dev ifb0 parent 7c00:11 handle 1011: netem delay 1ms"},
		{"a filter gets a new preference", "0x0a000500", "0x0a000600",
			"tc filter add dev ifb0 parent 7c00: protocol ip pref 3001 handle ::1 u32 match u32 0x0a000600 0xffffff00 at 16 flowid 7c00:10\n" +
				"tc filter add dev ifb0 parent 7c00: protocol ip pref 3001 handle ::2 u32 match u32 0x00000000 0x00000000 at 0 flowid 7c00:11\n" +
				"tc filter delete dev ifb0 parent 7c00: protocol ip pref 3000"},
		{"the preference itself is no difference", "pref 3000", "pref 3007", ""},
		{"a distribution cannot be seen", "delay 40ms 5ms", "delay 40ms 5ms distribution normal", ""},
		{"what hung on a qdisc that is replaced is there no more", "tc qdisc add dev ifb0 parent 7c00:3 handle 4003: tbf rate 100gbit burst 1540b limit 1gb\n" +
			"tc qdisc add dev ifb0 parent 4003:1 handle 1003: netem limit 1000 delay 40ms 5ms loss 0.5%\n",
			"tc qdisc add dev ifb0 parent 7c00:3 handle 1003: pfifo limit 1000\n",
			"tc qdisc replace dev ifb0 parent 7c00:3 handle 1003: pfifo limit 1000"},
		{"a class goes with its qdisc", "tc class add dev ifb0 parent 7c00:1 classid 7c00:11 htb rate 20mbit ceil 20mbit burst 3028b cburst 3028b\n" +
			"tc qdisc add dev ifb0 parent 7c00:11 handle 1011: bfifo limit 64kb\n", "",
			"tc class delete dev ifb0 parent 7c00:1 classid 7c00:11"},
	} {
		t.Run(c.name, func(t *testing.T) {
			next := sample
			if c.old != "" {
				next = strings.ReplaceAll(sample, c.old, c.new)
				if next == sample {
					t.Fatal("the case changes nothing")
				}
			}
			ops, err := Diff(parse(t, sample)[0], parse(t, next)[0], ours)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, opLines(ops, "ifb0")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func opLines(ops []Op, dev string) string {
	var lines []string
	for _, o := range ops {
		lines = append(lines, o.Lines(dev)...)
	}
	return strings.Join(lines, "\n")
}

func TestDiffToAndFromNothing(t *testing.T) {
	for _, tree := range parse(t, sample) {
		nothing := Tree{Where: tree.Where, Device: tree.Device}
		ops, err := Diff(nothing, tree, ours)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Join(tree.Lines(), "\n"), opLines(ops, tree.Device)); diff != "" {
			t.Errorf("from nothing: %s", diff)
		}
		ops, err = Diff(tree, nothing, ours)
		if err != nil {
			t.Fatal(err)
		}
		want := "ip link delete dev ifb0"
		if tree.Device == "veth0" { // clsact is not ours to delete
			want = "tc filter delete dev veth0 ingress protocol all pref 31000"
		}
		if diff := cmp.Diff(want, opLines(ops, tree.Device)); diff != "" {
			t.Errorf("to nothing: %s", diff)
		}
	}
}

func TestDiffAfterTheRootIsReplaced(t *testing.T) {
	want := parse(t, sample)[0]
	have := parse(t, strings.ReplaceAll(sample, "default 0x3", "default 0x4"))[0]
	ops, err := Diff(have, want, ours)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.ReplaceAll(strings.Join(want.Lines()[2:], "\n"), "qdisc add dev ifb0 root", "qdisc replace dev ifb0 root")
	if diff := cmp.Diff(lines, opLines(ops, "ifb0")); diff != "" {
		t.Error(diff)
	}
}

func TestDifferences(t *testing.T) {
	next := strings.NewReplacer("0x0a000500", "0x0a000600", "bfifo limit 64kb", "bfifo limit 32kb").Replace(sample)
	ops, err := Diff(parse(t, sample)[0], parse(t, next)[0], ours)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"qdisc 7c00:11: want bfifo 1011: limit 32kb, got bfifo 1011: limit 64kb",
		"filter 7c00: ip 3: want handle ::1 u32 match u32 0x0a000600 0xffffff00 at 16 flowid 7c00:10, got handle ::1 u32 match u32 0x0a000500 0xffffff00 at 16 flowid 7c00:10",
	}
	if diff := cmp.Diff(want, Differences(ops)); diff != "" {
		t.Error(diff)
	}
}

func TestASeedOfTheKernelsOwnIsNoDifference(t *testing.T) {
	unseeded := Qdisc{Parent: HandleRoot, Handle: 1 << 16, Spec: Netem{Delay: 1}}
	seeded := Qdisc{Parent: HandleRoot, Handle: 1 << 16, Spec: Netem{Delay: 1, Seed: Seed{Set: true, Value: 7}}}
	if !Equal(seeded, unseeded) {
		t.Error("the kernel's seed counts as a difference")
	}
	if Equal(unseeded, seeded) {
		t.Error("a seed that is wanted does not count")
	}
}

func TestDiffRefusesForeign(t *testing.T) {
	want := parse(t, sample)[0]
	have := parse(t, "# host ifb0\ntc qdisc add dev ifb0 root handle 1: htb default 0x1\n")[0]
	_, err := Diff(have, want, ours)
	if err == nil || err.Error() != "ifb0: qdisc root is taken by htb 1: default 0x1, which is not ours" {
		t.Errorf("got %v", err)
	}
	have.Objects[0] = Qdisc{Parent: HandleRoot, Spec: Other{Name: "noqueue"}} // the kernel's own: no handle
	if ops, err := Diff(have, want, ours); err != nil || len(ops) != len(want.Objects) {
		t.Errorf("the kernel's own qdisc: got %d steps, %v", len(ops), err)
	}
}

func TestFilterAtTheEndOfItsSlot(t *testing.T) {
	const arp = "# host a\ntc filter add dev a parent 1: protocol arp pref 1999 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 flowid 1:2\n"
	ops, err := Diff(parse(t, arp)[0], parse(t, strings.ReplaceAll(arp, "1:2", "1:3"))[0], func(Object) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	want := `tc filter add dev a parent 1: protocol arp pref 1000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 flowid 1:2
tc filter delete dev a parent 1: protocol arp pref 1999
tc filter add dev a parent 1: protocol arp pref 1001 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 flowid 1:3
tc filter delete dev a parent 1: protocol arp pref 1000`
	if diff := cmp.Diff(want, opLines(ops, "a")); diff != "" {
		t.Error(diff)
	}
}
