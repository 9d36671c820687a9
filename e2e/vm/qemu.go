// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"fmt"
	"strconv"
	"strings"

	"tcni.dev/e2e/vm/wire"
)

// accel is how the guest's instructions are carried out.
type accel string

const (
	tcg accel = "tcg" // emulation
	kvm accel = "kvm"
)

// commandLine is the kernel's. Why each word is there:
var commandLine = strings.Join([]string{
	"console=ttyS0", "quiet",
	"panic=-1", "oops=panic", // any bug of the kernel ends the guest at once, and is reported
	"tsc=reliable",                          // no watchdog mistrusts an emulated clock
	"nowatchdog",                            // nor an emulated CPU that the machine lets wait,
	"rcupdate.rcu_cpu_stall_suppress=1",     // by either of its two
	"no_timer_check",                        // an interrupt that is late in coming is not one that is not wired
	"unknown_nmi_panic", "panic_print=0x40", // backtrace: what each CPU is at
	"mitigations=off", "random.trust_cpu=1", // nothing to protect, no entropy to wait for
	"cryptomgr.notests", // 0.3 s of the boot
}, " ")

// ports are the guest's virtio-serial ports, in the order of the file
// descriptors that qemu inherits for them.
var ports = []string{wire.Control, wire.Stdin, wire.Stdout, wire.Stderr}

// First file descriptors that qemu inherits.
const (
	initramfsFD = 3
	firstPortFD = 4
)

// qemuArgs is qemu's command line. Terms: qemu-system-x86_64(1).
func (g guest) qemuArgs() []string {
	args := []string{
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
		"-M", "q35", "-smp", strconv.Itoa(g.cfg.CPUs), "-m", fmt.Sprintf("%dM", g.cfg.Memory),
		"-kernel", g.kernel.image(),
		"-initrd", fmt.Sprintf("/proc/self/fd/%d", initramfsFD),
		"-append", commandLine,
		"-serial", "stdio",
		"-device", "virtio-serial-pci",
		"-virtfs", "local,mount_tag=" + wire.RootTag + ",path=/,security_model=none,readonly=on,multidevs=remap",
	}
	args = append(args, g.accelArgs()...)
	args = append(args, "-chardev", fmt.Sprintf("socket,id=monitor,fd=%d", firstPortFD+len(ports)), "-mon", "chardev=monitor")
	for i, name := range ports {
		args = append(args,
			"-chardev", fmt.Sprintf("socket,id=port%d,fd=%d", i, firstPortFD+i),
			"-device", fmt.Sprintf("virtserialport,chardev=port%d,name=%s", i, name))
	}
	for i, dir := range g.cfg.Shares {
		args = append(args, "-virtfs", fmt.Sprintf("local,mount_tag=%s%d,path=%s,security_model=none,multidevs=remap",
			wire.ShareTag, i, optionValue(dir)))
	}
	return args
}

// emulatedCPU has all that qemu can emulate but CMPXCHG16B, which the kernel's
// allocator uses: qemu 7.2 gives it flags that it takes from whatever was
// calculated before (RFLAGS 0x153b6e42 where the other operand of an addition
// was 0x153b6c00). An interrupt that comes before the next comparison saves
// them, and its return faults or leaves interrupts off for good.
const emulatedCPU = "max,-cx16"

func (g guest) accelArgs() []string {
	switch {
	case g.accel == kvm:
		return []string{"-accel", "kvm", "-cpu", "host"}
	case g.cfg.Icount > 0:
		// sleep=off: an idle guest's clock jumps to its next timer instead of
		// waiting for it.
		return []string{"-accel", "tcg,thread=single", "-cpu", emulatedCPU, "-icount", fmt.Sprintf("shift=%d,sleep=off", g.cfg.Icount)}
	}
	return []string{"-accel", "tcg,thread=multi", "-cpu", emulatedCPU}
}

// optionValue quotes a value for qemu, where a comma ends one.
func optionValue(s string) string { return strings.ReplaceAll(s, ",", ",,") }
