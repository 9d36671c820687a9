// SPDX-License-Identifier: Apache-2.0

package install

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiff(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	c, err := Plan(n.Options)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(c.Diff(), filepath.Dir(n.ConfDir), "")
	want := fmt.Sprintf("Binary file /bin/tcni: none, then %d bytes\n", len(tcni)) + `--- /net.d/10-a.conflist
+++ /net.d/10-a.conflist
@@ -10,6 +10,7 @@
     {
       "type": "portmap",
       "capabilities": {"portMappings": true}
-    }
+    },
+    ` + ours + `
   ]
 }
`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestDiffIsAPatch gives it to patch(1), which is to make the new file of the old one.
func TestDiffIsAPatch(t *testing.T) {
	if _, err := exec.LookPath("patch"); err != nil {
		t.Skip("patch is not installed")
	}
	for _, tc := range []struct{ was, now string }{
		{flannel, entered(t, flannel, Options{})},
		{`{"a":1}`, `{"a":2}`}, {"a\nb\n", "b\n"}, {"a\n", "a\nb"}, {"", "a\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n5\n6\n7\n9\n"},
	} {
		dir := t.TempDir()
		n := node{t: t}
		n.write(filepath.Join(dir, "f"), tc.was)
		ch := change{path: filepath.Join(dir, "f"), was: []byte(tc.was), now: []byte(tc.now)}
		cmd := exec.Command("patch", "-s", filepath.Join(dir, "f"))
		cmd.Stdin = strings.NewReader(unified(ch))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s\n%s", err, out, unified(ch))
		}
		n.ConfDir = dir
		if got := n.conf("f"); got != tc.now {
			t.Errorf("got %q, want %q of\n%s", got, tc.now, unified(ch))
		}
	}
}
