// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"sort"

	"tcni.dev/pkg/tc"
)

// keys collects what a packet must have, as one key for each 32-bit word.
type keys map[int32]tc.U32Key

// with returns a copy of k that asks for value under mask at byte at.
func (k keys) with(at int32, value, mask uint32) keys {
	out := make(keys, len(k)+1)
	for o, key := range k {
		out[o] = key
	}
	key := out[at]
	out[at] = tc.U32Key{At: at, Value: key.Value | value&mask, Mask: key.Mask | mask}
	return out
}

// list returns the keys by offset. The header's fields come before what follows
// it: a key beyond a packet's end ends the search in the whole list
// (u32_classify in net/sched/cls_u32.c), and only the protocol tells that
// something follows. No key at all is one that matches everything.
func (k keys) list() []tc.U32Key {
	out := []tc.U32Key{}
	for _, key := range k {
		if key.Mask != 0 {
			out = append(out, key)
		}
	}
	if len(out) == 0 {
		return []tc.U32Key{{}}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].At < out[j].At })
	return out
}
