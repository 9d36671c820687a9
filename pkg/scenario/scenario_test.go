// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"tcni.dev/conf"
	"tcni.dev/pkg/edit"
)

var update = flag.Bool("update", false, "write what comes out into the goldens")

// fake is a target that only remembers.
type fake struct {
	name string
	base conf.Shape
	gone bool
	seen []string
}

func (f *fake) Name() string     { return f.name }
func (f *fake) String() string   { return "pod " + f.name }
func (f *fake) Base() conf.Shape { return f.base }
func (f *fake) Prepare(_ conf.Shape, step string) (func() error, error) {
	return func() error {
		if f.gone {
			return ErrTargetGone
		}
		f.seen = append(f.seen, step)
		return nil
	}, nil
}

func words(d *conf.Direction) string {
	if d == nil {
		return "-"
	}
	out := d.Words()
	for _, r := range d.Rules {
		out += " [" + r.Name + ": " + r.Words() + "]"
	}
	return out
}

func base(t *testing.T) conf.Shape {
	t.Helper()
	d, _, err := conf.ParseDirection(`{"rate": "20mbit", "rules": [{"name": "payments", "match": {"port": 443}, "delay": "1ms"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	return conf.Shape{Egress: d}
}

// TestGoldens plays scenarios in a bubble where time goes by itself.
func TestGoldens(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := fstest.MapFS{}
			for _, f := range a.Files {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			var got string
			synctest.Test(t, func(t *testing.T) { got = play(t, files) })
			if want := files["want"]; !*update && (want == nil || string(want.Data) != got) {
				t.Error(cmp.Diff(string(want.Data), got))
			}
			if *update {
				if a.Files[len(a.Files)-1].Name == "want" {
					a.Files = a.Files[:len(a.Files)-1]
				}
				a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// play prints the first events of a scenario, as they were carried out.
func play(t *testing.T, files fstest.MapFS) string {
	s, err := Parse(files["scenario.yaml"].Data)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	profiles, err := edit.Load(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	program, err := s.Compile(Env{Files: files, Profiles: profiles})
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	const most = 40
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var b strings.Builder
	start, lines := time.Now(), 0
	p := Player{Clock: SystemClock{}, Targets: []Target{&fake{name: "web", base: base(t)}, &fake{name: "db"}}, Done: func(d Done) {
		if lines++; lines > most {
			stop()
			return
		}
		fmt.Fprintf(&b, "%v %s: %s: egress %s, ingress %s\n", d.Time.Sub(start), d.Step, d.Target, words(d.Shape.Egress), words(d.Shape.Ingress))
	}}
	err = p.Play(ctx, program.Events(), map[string]Names{"web": {"web"}, "db": {"db"}})
	fmt.Fprintf(&b, "%v end: %v\n", time.Since(start), err)
	return b.String()
}

func TestKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Parse([]byte(`steps: [{for: 10s, egress: delay 1ms}, {for: 10s, egress: delay 2ms}, {for: 10s, egress: delay 3ms}, {goto: x}, {name: x}]`))
		if err != nil {
			t.Fatal(err)
		}
		program, err := s.Compile(Env{})
		if err != nil {
			t.Fatal(err)
		}
		keys := make(chan Key)
		go func() {
			for _, k := range []struct {
				after time.Duration
				key   Key
			}{{2 * time.Second, KeyPause}, {time.Minute, KeyPause}, {time.Second, KeyStep}, {12 * time.Second, KeyStop}} {
				time.Sleep(k.after)
				keys <- k.key
			}
		}()
		start := time.Now()
		var at []string
		p := Player{Clock: SystemClock{}, Targets: []Target{&fake{name: "a"}}, Keys: keys, Done: func(d Done) {
			at = append(at, time.Since(start).Round(time.Second).String())
		}}
		err = p.Play(t.Context(), program.Events(), nil)
		if diff := cmp.Diff([]string{"0s", "1m3s", "1m13s"}, at); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if end := time.Since(start).Round(time.Second); end != 75*time.Second {
			t.Errorf("stopped after %v", end)
		}
	})
}

func TestTargetsGo(t *testing.T) {
	s, err := Parse([]byte(`steps: [{egress: delay 1ms}, {egress: delay 2ms}]`))
	if err != nil {
		t.Fatal(err)
	}
	program, err := s.Compile(Env{})
	if err != nil {
		t.Fatal(err)
	}
	stays := &fake{name: "a"}
	p := Player{Clock: SystemClock{}, Targets: []Target{&fake{name: "b", gone: true}, stays}, Done: func(Done) {}}
	if err := p.Play(t.Context(), program.Events(), nil); err != nil || len(stays.seen) != 2 {
		t.Errorf("%v, %v", err, stays.seen)
	}
}

// TestDeliveries holds that a trace carries what its lines say.
func TestDeliveries(t *testing.T) {
	for _, trace := range []string{"10\n100\n300\n950\n1000\n", "0\n0\n1\n", "5\n5\n5\n900\n3000\n3001\n", "100\n200\n300\n"} {
		points, err := ParseTrace([]byte(trace), 200*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		carried := 0.0
		for i, p := range points[:len(points)-1] {
			carried += float64(*p.Rate) / 8 * (points[i+1].At - p.At).Seconds()
		}
		if want := float64(strings.Count(trace, "\n") * deliveryBytes); carried < want*0.999 || carried > want {
			t.Errorf("%q: %v bytes, want %v: %v", trace, carried, want, points)
		}
	}
	for _, wrong := range []string{"", "0\n", "10\n5\n", "x\n"} {
		if _, err := ParseTrace([]byte(wrong), 0); err == nil {
			t.Errorf("%q: no error", wrong)
		}
	}
}
