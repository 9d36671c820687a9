// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// Count is what a route has taken: packets on the wire, so the segments of a
// GSO packet, and their bytes with the link-layer header, as HTB counts them.
type Count struct{ Packets, Bytes uint64 }

// Counters reads what each route of a loaded program has taken since it was
// loaded, in the routes' order. The id is that of a filter's dump (TCA_BPF_ID).
// It needs CAP_SYS_ADMIN (BPF_PROG_GET_FD_BY_ID).
func Counters(programID uint32) ([]Count, error) {
	out, err := counters(programID)
	if err != nil {
		return nil, fmt.Errorf("counters of bpf program %d: %w", programID, explain(err))
	}
	return out, nil
}

func counters(programID uint32) ([]Count, error) {
	maps, err := mapsOf(programID)
	if err != nil {
		return nil, err
	}
	for _, id := range maps {
		value, err := readCounters(id)
		if err != nil {
			return nil, err
		}
		if value != nil {
			return decodeCounts(value), nil
		}
	}
	return []Count{}, nil // a program without routes uses no map
}

func decodeCounts(value []byte) []Count {
	order := binary.NativeEndian
	out := make([]Count, len(value)/counterSize)
	for i := range out {
		at := value[i*counterSize:]
		out[i] = Count{order.Uint64(at), order.Uint64(at[8:])}
	}
	return out
}

// mapsOf returns the ids of the maps of a program of ours.
func mapsOf(programID uint32) ([]uint32, error) {
	fd, err := byID(unix.BPF_PROG_GET_FD_BY_ID, programID)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var m memory
	defer m.Unpin()
	var ids [mapRefs]uint32
	i := progInfo{mapCount: uint32(len(ids)), mapIDs: address(&m, &ids[0])}
	if err := info(fd, &i); err != nil {
		return nil, err
	}
	if name := unix.ByteSliceToString(i.name[:]); !strings.HasPrefix(name, namePrefix) {
		return nil, fmt.Errorf("it is %q and not a classifier", name)
	}
	return ids[:min(int(i.mapCount), len(ids))], nil
}

// readCounters returns the content of a map, nil if it is not the counters.
func readCounters(id uint32) ([]byte, error) {
	fd, err := byID(unix.BPF_MAP_GET_FD_BY_ID, id)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var i mapInfo
	if err := info(fd, &i); err != nil {
		return nil, err
	}
	if unix.ByteSliceToString(i.name[:]) != countersName {
		return nil, nil
	}
	value := make([]byte, i.valueSize)
	return value, readElement(fd, value)
}
