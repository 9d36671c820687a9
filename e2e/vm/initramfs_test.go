// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"bytes"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/u-root/u-root/pkg/cpio"
)

// What the kernel unpacks: name, type and permissions, and length.
func TestInitramfs(t *testing.T) {
	early := fstest.MapFS{
		"01-b.ko": {Data: []byte("second")},
		"00-a.ko": {Data: []byte("1st")},
	}
	records, err := initramfsRecords([]byte("program"), early)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := writeArchive(cpio.Newc.Writer(&b), records); err != nil {
		t.Fatal(err)
	}
	back, err := cpio.ReadAllRecords(cpio.Newc.Reader(bytes.NewReader(b.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range back {
		got = append(got, fmt.Sprintf("%s %o %d", r.Name, r.Mode, r.FileSize))
	}
	want := []string{
		"dev 40755 0", "dev/console 20600 0", "init 100755 7",
		"early 40755 0", "early/00-a.ko 100644 3", "early/01-b.ko 100644 6",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("archive (-want +got):\n%s", diff)
	}
}
