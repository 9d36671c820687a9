// SPDX-License-Identifier: Apache-2.0

package bpf

import "fmt"

// maxBlob is the largest value of a map in kernels before 6.1
// (KMALLOC_MAX_SIZE, see array_map_alloc_check in kernel/bpf/arraymap.c),
// less what the allocator adds.
const maxBlob = 4<<20 - 4096

// counterSize is a route's packets and bytes.
const counterSize = 16

// Table is a compiled list of routes: a program and its tables. It does not
// change.
type Table struct {
	routes int
	digest uint64
	insns  []insn
	tables []byte
}

// Name is what the program is called in the kernel, 15 characters: "tcni_" and
// 40 bits of a digest of the routes and the direction. A filter's dump shows it
// (TCA_BPF_NAME), so it tells which routes are in force.
func (t *Table) Name() string { return programName(t.digest) }

const namePrefix = "tcni_"

func programName(digest uint64) string { return fmt.Sprintf(namePrefix+"%010x", digest>>24) }

// Instructions is the length of the program, in slots of 8 bytes.
func (t *Table) Instructions() int { return len(t.insns) }

// TableBytes is the size of the tables, CounterBytes that of the counters: what
// the kernel keeps for the program besides the program.
func (t *Table) TableBytes() int { return len(t.tables) }

// CounterBytes is the size of the counters.
func (t *Table) CounterBytes() int { return t.routes * counterSize }
