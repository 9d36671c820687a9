// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestQemuArgs(t *testing.T) {
	base := Config{CPUs: 2, Memory: 512, Shares: []string{"/a,b"}}
	counted := base
	counted.CPUs, counted.Icount = 1, 3
	tests := []struct {
		name string
		g    guest
		want string // these arguments, in a row
	}{
		{"comma in a share", guest{cfg: base, accel: tcg}, "-virtfs local,mount_tag=share0,path=/a,,b,security_model=none,multidevs=remap"},
		{"emulation", guest{cfg: base, accel: tcg}, "-accel tcg,thread=multi -cpu max,-cx16"},
		{"kvm", guest{cfg: base, accel: kvm}, "-accel kvm -cpu host"},
		{"icount", guest{cfg: counted, accel: tcg}, "-accel tcg,thread=single -cpu max,-cx16 -icount shift=3,sleep=off"},
		{"size", guest{cfg: base, accel: tcg}, "-smp 2 -m 512M"},
		{"port", guest{cfg: base, accel: tcg}, "-chardev socket,id=port1,fd=5 -device virtserialport,chardev=port1,name=tcni.stdin"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(tt.g.qemuArgs(), " ")
			if !strings.Contains(got, tt.want) {
				t.Errorf("arguments lack %q:\n%s", tt.want, got)
			}
		})
	}
}

// A command's words reach the guest as they are: no shell, no kernel command
// line comes between.
func TestRequestKeepsWords(t *testing.T) {
	argv := []string{"sh", "-c", "echo \"a  b\" '$x' \\\n\t;", "", "ü,=\x01"}
	g := guest{cfg: Config{Argv: argv, Stdout: os.Stdout, Stderr: os.Stdout}}
	req := g.request()
	if !slices.Equal(req.Argv, argv) {
		t.Errorf("argv is %q, want %q", req.Argv, argv)
	}
	if !req.Merge || req.Stdin {
		t.Errorf("merge %v and stdin %v, want true and false", req.Merge, req.Stdin)
	}
	for _, arg := range g.qemuArgs() {
		if strings.Contains(arg, "echo") {
			t.Errorf("qemu's argument %q has the command", arg)
		}
	}
}

func TestFill(t *testing.T) {
	tests := []struct {
		name string
		cfg  Config
		err  string
	}{
		{"defaults", Config{Argv: []string{"true"}}, ""},
		{"no command", Config{}, "vm: no command"},
		{"icount range", Config{Argv: []string{"true"}, Icount: 11}, "vm: icount 11 is outside 1..10"},
		{"icount cpus", Config{Argv: []string{"true"}, Icount: 1, CPUs: 2}, "vm: icount needs a single CPU"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.cfg.fill()
			if msg := errorText(err); msg != tt.err {
				t.Fatalf("error is %q, want %q", msg, tt.err)
			}
			if err == nil && (tt.cfg.CPUs != 2 || tt.cfg.Kernel != "bookworm" || tt.cfg.Stdout != io.Discard) {
				t.Errorf("defaults are %+v", tt.cfg)
			}
		})
	}
}
