// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const modulesDep = `kernel/drivers/virtio/virtio.ko: kernel/drivers/virtio/virtio_ring.ko
kernel/drivers/virtio/virtio_ring.ko:
kernel/drivers/virtio/virtio_pci.ko.xz: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
kernel/fs/9p/9p.ko.xz: kernel/net/9p/9pnet.ko.xz
kernel/net/9p/9pnet.ko.xz:
kernel/a-b.ko: kernel/b-a.ko
kernel/b-a.ko: kernel/a-b.ko
`

const modulesBuiltin = "kernel/drivers/char/virtio_console.ko\n"

func TestModuleOrder(t *testing.T) {
	tests := []struct {
		name  string
		names []string
		want  []string
		err   string
	}{
		{name: "dependencies first, each once", names: []string{"virtio_pci", "9p", "virtio"}, want: []string{
			"kernel/drivers/virtio/virtio_ring.ko", "kernel/drivers/virtio/virtio.ko", "kernel/drivers/virtio/virtio_pci.ko.xz",
			"kernel/net/9p/9pnet.ko.xz", "kernel/fs/9p/9p.ko.xz",
		}},
		{name: "built in", names: []string{"virtio_console"}},
		{name: "missing", names: []string{"nosuch"}, err: "kernel has no module nosuch"},
		{name: "cycle", names: []string{"a_b"}, err: "module a_b depends on itself"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseModules(modulesDep, modulesBuiltin).order(tt.names...)
			if msg := errorText(err); msg != tt.err {
				t.Fatalf("error is %q, want %q", msg, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
