// SPDX-License-Identifier: Apache-2.0

package bpf

import "golang.org/x/sys/unix"

// The maps of a program are arrays of one element. An instruction can have the
// address of such an element in it (since 5.2), so that a look-up is no call.
const (
	tablesName   = "tcni_tables"
	countersName = "tcni_count"
)

func createArray(name string, valueSize int, flags uint32) (int, error) {
	fd, err := call(unix.BPF_MAP_CREATE, &mapCreateAttr{
		mapType: unix.BPF_MAP_TYPE_ARRAY, keySize: 4, valueSize: uint32(valueSize), maxEntries: 1,
		flags: flags, name: objectName(name),
	})
	if err == nil {
		unix.CloseOnExec(fd) // the kernel does it too
	}
	return fd, err
}

// createTables makes the map of the tables and fills it in one call. Neither
// the program nor anybody else can change it then.
func createTables(content []byte) (int, error) {
	if len(content) == 0 {
		content = make([]byte, 8) // a map must have a size
	}
	fd, err := createArray(tablesName, len(content), unix.BPF_F_RDONLY_PROG)
	if err != nil {
		return -1, err
	}
	if err = writeElement(fd, content); err == nil {
		_, err = call(unix.BPF_MAP_FREEZE, &fdAttr{uint32(fd)})
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func writeElement(fd int, value []byte) error { return element(unix.BPF_MAP_UPDATE_ELEM, fd, value) }
func readElement(fd int, value []byte) error  { return element(unix.BPF_MAP_LOOKUP_ELEM, fd, value) }

func element(command, fd int, value []byte) error {
	var m memory
	defer m.Unpin()
	_, err := call(command, &mapElementAttr{
		fd: uint32(fd), key: address(&m, new(uint32)), value: address(&m, &value[0]),
	})
	return err
}
