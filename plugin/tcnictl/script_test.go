// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what comes out into the scripts and the manual")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tcnictl":  inNode(runMain),
		"tcni-add": inNode(addMain),
		"tcni-del": inNode(delMain),
		"blast":    blastMain,
		"beat":     func() { os.Exit(beatMain()) },
		"ask":      func() { os.Exit(askMain()) },
		"losses":   func() { os.Exit(lossesMain()) },
	})
}

// TestScripts runs what needs neither root nor a kernel.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv(recordsEnv, filepath.Join(env.WorkDir, "run"))
			return nil
		},
	})
}

// TestExamples holds that every verb's help ends in examples of that verb.
func TestExamples(t *testing.T) {
	for _, verbs := range testProcess().verbs() {
		for _, v := range verbs {
			if !v.Hidden && !strings.Contains(v.Example, "tcnictl "+v.Name()) {
				t.Errorf("%s: no example of it: %q", v.Name(), v.Example)
			}
		}
	}
}

// TestManual holds that the manual pages are those of the verbs.
func TestManual(t *testing.T) {
	dir, there := t.TempDir(), filepath.Join("..", "..", "docs", "man")
	if *update {
		dir = there
	}
	p := testProcess()
	if status := p.run(t.Context(), []string{"manual", dir}); status != 0 {
		t.Fatal(p.err)
	}
	made, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil || len(made) == 0 {
		t.Fatal(made, err)
	}
	kept, _ := filepath.Glob(filepath.Join(there, "*.1"))
	if len(kept) != len(made) {
		t.Errorf("%d pages, %d verbs: go generate ./plugin/tcnictl", len(kept), len(made))
	}
	for _, page := range made {
		now, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if before, _ := os.ReadFile(filepath.Join(there, filepath.Base(page))); string(before) != string(now) {
			t.Errorf("%s is not current: go generate ./plugin/tcnictl", filepath.Base(page))
		}
	}
}
