// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tcni.dev/pkg/tc"
)

// deliveryBytes is what one line of a packet-delivery trace carries
// (mm-link(1)).
const deliveryBytes = 1500

// parseDeliveries reads a packet-delivery trace of mahimahi's: a line for each
// packet that the link could carry, with the millisecond at which. A rate cannot
// be nothing, and what is sent at a very low one holds up what comes after it: a
// window, the end of which belongs to it, is joined with the next while it has no
// delivery.
func parseDeliveries(data []byte, window time.Duration) ([]Point, error) {
	var points []Point
	from, packets := time.Duration(0), 0
	end := from
	flush := func(to time.Duration) {
		if packets == 0 {
			return
		}
		carried := float64(packets) * deliveryBytes * 8 / (to - from).Seconds()
		rate := tc.Rate(min(max(carried, float64(tc.MinRate)), float64(tc.MaxRate))) &^ 7
		points = append(points, Point{At: from, Rate: &rate})
		from, packets = to, 0
	}
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		ms, err := strconv.ParseUint(text, 10, 32)
		at := time.Duration(ms) * time.Millisecond
		if err != nil || at < end {
			return nil, fmt.Errorf("line %d: %q is not a time in whole milliseconds, not before the one above", line, text)
		}
		if to := from + max(1, (end-from+window-1)/window)*window; at > to {
			flush(to)
		}
		end = at
		packets++
	}
	if end <= from && len(points) == 0 {
		return nil, errors.New("is empty, or all of its packets are at 0 ms")
	}
	flush(max(end, from+time.Millisecond))
	return append(points, Point{At: from}), nil
}
