// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The attributes of bpf(2), as far as they are used: parts of union bpf_attr in
// include/uapi/linux/bpf.h. The kernel takes shorter ones than its own and
// treats the rest as zero. An address is 64 bits wide on every machine.

type mapCreateAttr struct {
	mapType, keySize, valueSize, maxEntries, flags uint32

	_    [2]uint32 // inner_map_fd, numa_node
	name [unix.BPF_OBJ_NAME_LEN]byte
}

type mapElementAttr struct {
	fd, _      uint32
	key, value uint64
	_          uint64 // flags
}

type fdAttr struct{ fd uint32 }

type idAttr struct {
	id uint32
	_  [2]uint32 // next_id, open_flags
}

type progLoadAttr struct {
	progType, insnCount uint32
	insns, license      uint64
	logLevel, logSize   uint32
	log                 uint64

	_    [2]uint32 // kern_version, prog_flags
	name [unix.BPF_OBJ_NAME_LEN]byte
	_    [2]uint32 // prog_ifindex, expected_attach_type
}

type infoAttr struct {
	fd, size uint32
	info     uint64
}

// progInfo is the start of struct bpf_prog_info.
type progInfo struct {
	_, id uint32 // type
	tag   [unix.BPF_TAG_SIZE]byte

	_           [2]uint32 // jited_prog_len, xlated_prog_len
	_           [2]uint64 // jited_prog_insns, xlated_prog_insns
	_           uint64    // load_time
	_, mapCount uint32    // created_by_uid
	mapIDs      uint64
	name        [unix.BPF_OBJ_NAME_LEN]byte
}

// mapInfo is the start of struct bpf_map_info.
type mapInfo struct {
	_         [3]uint32 // type, id, key_size
	valueSize uint32
	_         [2]uint32 // max_entries, map_flags
	name      [unix.BPF_OBJ_NAME_LEN]byte
}

// call is bpf(2). A load that a signal interrupts is tried again: the verifier
// gives up when one is pending.
func call[T any](command int, attr *T) (int, error) {
	for tries := 0; ; tries++ {
		r, _, errno := unix.Syscall(unix.SYS_BPF, uintptr(command), uintptr(unsafe.Pointer(attr)), unsafe.Sizeof(*attr))
		if errno == 0 {
			return int(r), nil
		}
		if (errno != unix.EAGAIN && errno != unix.EINTR) || tries == maxTries {
			return -1, errno
		}
	}
}

const maxTries = 20

// memory holds in place what attributes point at, until it is unpinned.
type memory struct{ runtime.Pinner }

// address is where p points, as attributes have it.
func address[T any](m *memory, p *T) uint64 {
	m.Pin(p)
	return uint64(uintptr(unsafe.Pointer(p)))
}

// objectName is a name as the kernel keeps it.
func objectName(s string) (out [unix.BPF_OBJ_NAME_LEN]byte) {
	copy(out[:unix.BPF_OBJ_NAME_LEN-1], s)
	return out
}

// info asks for what the kernel knows of an object.
func info[T any](fd int, into *T) error {
	var m memory
	defer m.Unpin()
	_, err := call(unix.BPF_OBJ_GET_INFO_BY_FD, &infoAttr{uint32(fd), uint32(unsafe.Sizeof(*into)), address(&m, into)})
	return err
}

// byID opens an object by its id.
func byID(command int, id uint32) (int, error) { return call(command, &idAttr{id: id}) }
