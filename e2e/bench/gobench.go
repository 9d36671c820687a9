// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"tcni.dev/e2e/bench/report"
)

// goBenchmarks are run by go test, in the module of the plugin.
var goBenchmarks = []struct{ pkg, name, label string }{
	{"conf", "ParseRate", "parse a rate"},
	{"conf", "ParseTypical", "parse a direction, two rules, an annotation"},
	{"conf", "ParseRules/1000", "parse 1000 rules"},
	{"conf", "ParseRules/5000", "parse 5000 rules"},
	{"pkg/plan", "BuildRate", "plan a rate in both directions"},
	{"pkg/plan", "BuildFour", "plan four rules and netem in both directions"},
	{"pkg/plan", "BuildRules/1000", "plan 1000 rules"},
	{"pkg/plan", "BuildRules/4000", "plan 4000 rules"},
	{"pkg/rtnl", "Encode/classes=5", "encode 5 classes"},
	{"pkg/rtnl", "Encode/classes=1000", "encode 1000 classes"},
}

func goGroup() group {
	g := group{Group: report.Group{Title: "Go benchmarks"}, measure: (*bench).goTest}
	for _, b := range goBenchmarks {
		g.Rows = append(g.Rows, &report.Row{ID: "go/" + b.pkg + "/" + b.name, Label: b.pkg + ": " + b.label, Unit: report.Seconds})
	}
	return g
}

func (b *bench) goTest(g *report.Group) error {
	done := map[string]bool{}
	for _, bm := range goBenchmarks {
		if done[bm.pkg] {
			continue
		}
		done[bm.pkg] = true
		out, err := b.goBench(bm.pkg, os.Environ(), "-bench", pattern(bm.pkg), "-benchmem",
			"-benchtime", []string{"100ms", "10ms"}[b.times(0, 1)], "-count", strconv.Itoa(b.times(3, 1)))
		if err != nil {
			return err
		}
		addGoResults(g, bm.pkg, out)
	}
	return nil
}

// goBench runs benchmarks of a package of the plugin's module.
func (b *bench) goBench(pkg string, env []string, flags ...string) (string, error) {
	root, err := exec.CommandContext(b.ctx, "go", "list", "-m", "-f", "{{.Dir}}", "tcni.dev").Output()
	if err != nil {
		return "", fmt.Errorf("find module tcni.dev: %w", err)
	}
	args := append([]string{"test", "-run", "^$", "-timeout", "2m"}, flags...)
	cmd := exec.CommandContext(b.ctx, "go", append(args, "./"+pkg)...)
	cmd.Dir, cmd.Env = strings.TrimSpace(string(root)), env
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go test ./%s: %w: %s", pkg, err, out)
	}
	return string(out), nil
}

// pattern selects a package's benchmarks; go test matches what is between
// slashes part by part.
func pattern(pkg string) string {
	var names []string
	for _, b := range goBenchmarks {
		name, _, _ := strings.Cut(b.name, "/")
		if b.pkg == pkg {
			names = append(names, name)
		}
	}
	return "^Benchmark(" + strings.Join(names, "|") + ")$"
}

// goResult is a line such as "BenchmarkX/10-2  100  123 ns/op  45 B/op  6 allocs/op".
var goResult = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op.*?(\d+) B/op\s+(\d+) allocs/op`)

func addGoResults(g *report.Group, pkg, out string) {
	for line := range strings.Lines(out) {
		m := goResult.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		row := g.Row("go/" + pkg + "/" + m[1])
		ns, err := strconv.ParseFloat(m[2], 64)
		if row == nil || err != nil {
			continue
		}
		row.Add(ns * 1e-9)
		row.Note = m[3] + " B, " + m[4] + " allocations"
	}
	for _, row := range g.Rows {
		if strings.HasPrefix(row.ID, "go/"+pkg+"/") && len(row.Samples) == 0 {
			row.Problem = "no such benchmark"
		}
	}
}
