// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"time"
)

// Time is a duration in nanoseconds, what netem's 64-bit fields count
// (TCA_NETEM_LATENCY64 and TCA_NETEM_JITTER64, since 4.15).
type Time int64

// The units of tc(8), and the longest time that can be asked for.
const (
	Nanosecond  Time = 1
	Microsecond      = 1000 * Nanosecond
	Millisecond      = 1000 * Microsecond
	Second           = 1000 * Millisecond

	MaxTime = 3600 * Second
)

var timeUnits = []unit{
	{"s", 1e9}, {"sec", 1e9}, {"secs", 1e9},
	{"ms", 1e6}, {"msec", 1e6}, {"msecs", 1e6},
	{"us", 1e3}, {"usec", 1e3}, {"usecs", 1e3},
	{"ns", 1}, {"nsec", 1}, {"nsecs", 1},
}

var timePrint = []unit{{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}}

// ParseTime reads a time as tc(8) writes it: a number and s, ms, us or ns. A
// bare number is refused, but for 0: it is microseconds to some versions and
// places of tc(8) and nanoseconds to others. The result lies in 0s..3600s.
func ParseTime(s string) (Time, error) {
	if s == "0" {
		return 0, nil
	}
	v, err := parseQuantity(s, timeUnits)
	if err == errNumber || err == errUnit {
		return 0, fmt.Errorf("%q is not a time: want a number and s, ms, us or ns (100ms)", s)
	}
	if err != nil || v < 0 || Time(v) > MaxTime {
		return 0, fmt.Errorf("%s is outside 0s..%v", s, MaxTime)
	}
	return Time(v), nil
}

// String prints the time in tc(8)'s units.
func (t Time) String() string {
	if t == 0 {
		return "0s"
	}
	return formatQuantity(int64(t), timePrint)
}

// Duration returns the time as the standard library's type.
func (t Time) Duration() time.Duration { return time.Duration(t) }
