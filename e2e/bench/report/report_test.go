// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the goldens anew")

// sample is a report with everything that one can have.
func sample() *Report {
	return &Report{
		Machine: Machine{Kernel: "6.18.0", CPU: "A | B", CPUs: 2, Go: "go1.26"},
		Groups: []*Group{
			{Title: "Whole process", Note: "in turns", Rows: []*Row{
				{ID: "p/hello", Label: "hello", Unit: Seconds, Samples: []float64{0.001, 0.0012, 0.0011}, CPU: []float64{0.001}},
				{ID: "p/ref", Label: "reference", Unit: Seconds, Samples: []float64{0.004, 0.002}},
				{ID: "p/ours", Label: "ours", Unit: Seconds, Samples: []float64{0.0024}, Ratios: []Ratio{
					{Of: "p/ref", Name: "reference", Max: 0.75}, {Of: "p/hello", Name: "hello", Max: 2.2}}},
				{ID: "p/more", Label: "more", Unit: Seconds, Problem: "no such\nthing", Max: 0.15,
					Ratios: []Ratio{{Of: "p/none", Name: "none", Max: 1}}},
			}},
			{Title: "Packets", Rows: []*Row{
				{ID: "k/none", Label: "no qdisc", Unit: PerPacket, Samples: []float64{800e-9}, Point: &Point{"Packet", "no qdisc", 0}},
				{ID: "k/10", Label: "10 rules", Unit: PerPacket, Samples: []float64{900e-9}, Note: "u32", Point: &Point{"Packet", "u32", 10}},
				{ID: "k/1000", Label: "1000 rules", Unit: PerPacket, Samples: []float64{5600e-9}, Point: &Point{"Packet", "u32", 1000}},
				{ID: "k/5000", Label: "5000 rules", Unit: PerPacket, Problem: "refused", Point: &Point{"Packet", "u32", 5000}},
			}},
			{Title: "Size", Rows: []*Row{{ID: "s", Label: "binary", Unit: Bytes, Samples: []float64{4.35e6}, Max: 8e6}}},
		},
	}
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"table.txt": func(b *bytes.Buffer) error { return sample().Text(b) },
		"table.md":  func(b *bytes.Buffer) error { return sample().Markdown(b) },
	} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got.String()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, tc := range []struct {
		in          []float64
		median, min float64
	}{
		{nil, 0, 0},
		{[]float64{3}, 3, 3},
		{[]float64{9, 1, 2}, 2, 1},
		{[]float64{4, 1, 3, 2}, 2.5, 1},
	} {
		r := Row{Samples: tc.in}
		if r.Median() != tc.median || r.Min() != tc.min {
			t.Errorf("%v: median %v, min %v", tc.in, r.Median(), r.Min())
		}
	}
	in := []float64{2, 1}
	if Median(in); in[0] != 2 {
		t.Error("the samples were sorted in place")
	}
}

func TestTargets(t *testing.T) {
	want := []Target{
		{Row: "p/ours", Of: "reference", Max: 0.75, Value: 0.8, Verdict: Missed},
		{Row: "p/ours", Of: "hello", Max: 2.2, Value: 0.0024 / 0.0011, Verdict: Met},
		{Row: "p/more", Max: 0.15, Verdict: Open},
		{Row: "p/more", Of: "none", Max: 1, Verdict: Open},
		{Row: "s", Max: 8e6, Value: 4.35e6, Verdict: Met},
	}
	got := sample().AllTargets()
	if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Target{}), cmpopts.EquateApprox(1e-9, 0)); d != "" {
		t.Error(d)
	}
}

func TestUnits(t *testing.T) {
	for _, tc := range []struct {
		unit        Unit
		v           float64
		want, short string
	}{
		{Seconds, 12.345, "12.3 s", "12.35 s"},
		{Seconds, 0.15, "150 ms", "150 ms"},
		{Seconds, 0.0019, "1.90 ms", "1.9 ms"},
		{Seconds, 4e-6, "4.00 µs", "4 µs"},
		{PerPacket, 25.4e-6, "25400 ns", "25400 ns"},
		{Bytes, 8e6, "8.00 MB", "8 MB"},
		{"", 7, "7.00", "7"},
	} {
		if got := tc.unit.Format(tc.v); got != tc.want {
			t.Errorf("%v %s: %q, want %q", tc.v, tc.unit, got, tc.want)
		}
		if got := tc.unit.short(tc.v); got != tc.short {
			t.Errorf("%v %s: short %q, want %q", tc.v, tc.unit, got, tc.short)
		}
	}
}

func TestSelect(t *testing.T) {
	var got []string
	for _, g := range Select(sample().Groups, regexp.MustCompile("ours|^s$")) {
		for _, r := range g.Rows {
			got = append(got, r.ID)
		}
	}
	if d := cmp.Diff([]string{"p/hello", "p/ref", "p/ours", "s"}, got); d != "" {
		t.Error(d)
	}
}

func TestFail(t *testing.T) {
	g := sample().Groups[0]
	g.Fail(errors.New("gone"))
	if g.Row("p/hello").Problem != "" || g.Row("p/more").Problem != "no such\nthing" {
		t.Error("a row that has samples or a problem of its own got another")
	}
	g.Rows[0].Samples = nil
	g.Fail(errors.New("gone"))
	if g.Row("p/hello").Problem != "gone" {
		t.Error("a row without samples has no problem")
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := sample().JSON(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"verdict":"missed"`) {
		t.Error("the targets are not in it")
	}
	got, err := Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(sample(), got); d != "" {
		t.Error(d)
	}
	if _, err := Read([]byte("x")); err == nil {
		t.Error("read what is no report")
	}
}
