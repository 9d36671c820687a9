// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"slices"

	"tcni.dev/pkg/tc"
)

// keys is what a packet must have: one key for each 32-bit word, by offset. The
// header's fields come before what follows it: a key beyond a packet's end ends
// the search in the whole list (u32_classify in net/sched/cls_u32.c), and only
// the protocol tells that something follows.
type keys []tc.U32Key

// with returns a copy of k that asks for value under mask at byte at.
func (k keys) with(at int32, value, mask uint32) keys {
	if mask == 0 {
		return k
	}
	i, there := slices.BinarySearchFunc(k, at, func(key tc.U32Key, at int32) int { return cmp.Compare(key.At, at) })
	out := append(make(keys, 0, len(k)+1), k...)
	if !there {
		out = slices.Insert(out, i, tc.U32Key{At: at})
	}
	out[i].Value |= value & mask
	out[i].Mask |= mask
	return out
}

// list returns the keys. None at all is one that matches everything.
func (k keys) list() []tc.U32Key {
	if len(k) == 0 {
		return []tc.U32Key{{}}
	}
	return k
}
