// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/pkg/tc"
)

var update = flag.Bool("update", false, "write the golden files")

// TestEncode holds the messages of every kind of step against a file, a message
// a line in hexadecimal, 4 bytes a word. A big-endian host has other words.
func TestEncode(t *testing.T) {
	if big16(1) == 1 {
		t.Skip("the golden file is of a little-endian host")
	}
	var text strings.Builder
	for _, tt := range roundTrips {
		for _, o := range parse(t, tt.text).Objects {
			record(t, &text, tc.Op{Verb: tc.Add, Object: o})
		}
	}
	for _, args := range netems {
		if !strings.Contains(args, "distribution") {
			record(t, &text, tc.Op{Verb: tc.Add, Object: netemAt(parseNetem(t, args))})
		}
	}
	record(t, &text, tc.Op{Verb: tc.Add, Object: netemAt(tc.Netem{
		Delay: 5, Jitter: 1, Distribution: tc.Distribution{Name: "mine", Table: "\x00\x20\x00\xe0"},
		Slot: tc.Slot{Delay: 7, Jitter: 2, Distribution: tc.Distribution{Name: "mine", Table: "\x00\x20"}},
		Seed: tc.Seed{Set: true, Value: 0x123456789abcdef0},
	})})
	for _, verb := range []tc.Verb{tc.Change, tc.Replace, tc.Delete} {
		for _, o := range parse(t, slow+twoClasses[len(root):]).Objects {
			record(t, &text, tc.Op{Verb: verb, Object: o, Have: o})
		}
	}
	const golden = "testdata/encode.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(text.String(), "\n")); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

func record(t *testing.T, text *strings.Builder, op tc.Op) {
	t.Helper()
	lines := op.Lines("eth0")
	fmt.Fprintf(text, "# %s\n", lines[0])
	var out buffer
	e := encoder{out: &out, resolve: func(string) (int32, error) { return 9, nil }}
	e.emit = func(line int) error {
		if line > 0 {
			fmt.Fprintf(text, "# %s\n", lines[line])
		}
		err := out.finish(1)
		for i, b := range out.b[out.head:] {
			if i > 0 && i%4 == 0 {
				text.WriteByte(' ')
			}
			fmt.Fprintf(text, "%02x", b)
		}
		text.WriteByte('\n')
		return err
	}
	if err := e.op(7, &op); err != nil {
		t.Fatal(err)
	}
}

// TestOptionsRoundTrip reads what is written, without a kernel.
func TestOptionsRoundTrip(t *testing.T) {
	var specs []tc.Spec
	for _, args := range netems {
		specs = append(specs, parseNetem(t, args))
	}
	for _, tt := range roundTrips {
		for _, o := range parse(t, tt.text).Objects {
			switch o := o.(type) {
			case tc.Qdisc:
				specs = append(specs, o.Spec)
			case tc.Class:
				var b buffer
				encodeHTBClass(&b, o.HTB)
				got := o
				got.HTB = decodeHTBClass(b.b)
				if !tc.Equal(got, o) {
					t.Errorf("want %v\n got %v", o.HTB.Args(), got.HTB.Args())
				}
			}
		}
	}
	for _, spec := range specs {
		var b buffer
		if err := encodeSpec(&b, spec, tc.Add); err != nil {
			t.Fatal(err)
		}
		got := decodeSpec(spec.Kind(), field(b.b).attr(tcaOptions))
		if !tc.Equal(tc.Qdisc{Spec: got}, tc.Qdisc{Spec: spec}) {
			t.Errorf("%s: want %v\n got %v", spec.Kind(), spec.Args(), got.Args())
		}
	}
}

// TestTooLong is an attribute that does not fit: two of the longest tables.
func TestTooLong(t *testing.T) {
	table := tc.Table(make([]byte, 32768))
	n := tc.Netem{Delay: 2, Jitter: 1, Distribution: tc.Distribution{Name: "a", Table: table}}
	n.Slot = tc.Slot{Delay: 1, Jitter: 1, Distribution: n.Distribution}
	var b buffer
	b.begin(0, 0)
	if err := encodeSpec(&b, n, tc.Add); err != nil {
		t.Fatal(err)
	}
	if err := b.finish(1); err == nil || b.err != nil {
		t.Errorf("got %v, then %v", err, b.err)
	}
}
