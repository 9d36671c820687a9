// SPDX-License-Identifier: Apache-2.0

package install

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMemory looks at an executable of 16 MB that is there, as a watch does over and over.
func TestMemory(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	n.write(n.Source, tcni+strings.Repeat("\x00", 16<<20))
	n.install()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if c, err := Plan(n.Options); err != nil || !c.Empty() {
		t.Errorf("changes are %v, %v", c.Paths(), err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("a look takes %d bytes", got)
	}
}

// TestUpgrade has executables that differ in a byte, or in the mode, alone.
func TestUpgrade(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	n.install()
	want := n.state()
	path := filepath.Join(n.BinDir, "tcni")
	for _, older := range []string{tcni[:len(tcni)-1] + "x", tcni + "x", tcni} {
		n.write(path, older)
		if older == tcni {
			if err := os.Chmod(path, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		n.install()
		n.is(want, "after an upgrade")
	}
}

// TestUpgradeWhileItRuns writes to no file that is being executed (ETXTBSY), and none that is about
// to be.
func TestUpgradeWhileItRuns(t *testing.T) {
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip("sleep is not installed")
	}
	data, err := os.ReadFile(sleep)
	if err != nil {
		t.Fatal(err)
	}
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	n.Force = true
	n.write(n.Source, string(data))
	n.install()
	run := exec.Command(filepath.Join(n.BinDir, "tcni"), "600")
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait()
	})
	n.write(n.Source, string(data)+"newer")
	n.install()
	if err := exec.Command(filepath.Join(n.BinDir, "tcni"), "0").Run(); err != nil {
		t.Error(err)
	}
}
