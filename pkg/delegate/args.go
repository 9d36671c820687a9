// SPDX-License-Identifier: Apache-2.0

package delegate

import "strings"

// StripArgs takes the pairs out of CNI_ARGS whose keys begin with prefix. Other
// plugins fail on keys that they do not know, unless IgnoreUnknown is among the
// pairs, and on values that have a = in them (types.LoadArgs).
func StripArgs(args, prefix string) string {
	if !strings.Contains(args, prefix) {
		return args
	}
	var left []string
	for pair := range strings.SplitSeq(args, ";") {
		if !strings.HasPrefix(strings.TrimSpace(pair), prefix) {
			left = append(left, pair)
		}
	}
	return strings.Join(left, ";")
}
