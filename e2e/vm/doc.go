// SPDX-License-Identifier: Apache-2.0

// Package vm runs one command in a virtual machine that has the kernel one
// asks for and the files of the machine it runs on.
//
// It is for machines whose kernel lacks netem, and for trying more than one
// kernel. Nothing is installed but qemu: kernels are Debian's packages,
// unpacked below .cache/vm of the repository.
//
// Terms:
//
//   - The machine is where the caller runs; the guest is the virtual machine.
//   - A kernel has a name, that of the Debian suite it comes from (bookworm,
//     trixie, trixie-backports), and a release, what uname -r says in the guest.
//   - The guest's root is the machine's root, read-only over 9p, under an
//     overlay in memory: every path of the machine is the same path in the
//     guest, and what the guest writes is gone at its end, except in a share.
//   - A share is a directory of the machine that the guest writes to.
//   - The console is the kernel's; the command's standard streams have
//     channels of their own and never mix with it.
//   - Emulation (qemu calls it TCG) runs everywhere and is some ten times
//     slower than KVM, which is used only where a guest was seen to boot with
//     it: /dev/kvm may be there and not work.
//   - A guest gives signs of life. One that stops giving them is frozen; it
//     then has to write where each CPU was, and is ended. One that froze while
//     it booted is replaced by another.
//
// In the guest the environment variable TCNI_VM is the kernel's release.
package vm
