// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"strings"

	"tcni.dev/pkg/dist"
	"tcni.dev/pkg/tc"
)

const (
	// measured names the distribution that is made of delaySamples.
	measured = "measured"
	// maxMeasured is a day of one ping a second, and more.
	maxMeasured = 1 << 20
)

// noSamples is where delaySamples stands in an impairment: what is made of it
// prints as delay, jitter and distributionTable.
func noSamples(*Impairment) any { return new(tc.Table) }

// readSamples reads delaySamples: a list of times, or the name of a file with
// them. What becomes of them depends on keys that may come later.
func readSamples(r *reader, imp *Impairment, v value) (err error) {
	var times []tc.Time
	if file, ok := v.text(); ok {
		times, err = r.loadTimes(file)
	} else if v[0] == '[' {
		times, err = r.times(v)
	} else {
		err = fmt.Errorf("want a list of times or the name of a file, got %s", v.what())
	}
	switch {
	case err != nil:
		return err
	case len(times) == 0:
		return fmt.Errorf("has no times: want 1..%d", maxMeasured)
	case len(times) > maxMeasured:
		return fmt.Errorf("%d times: want 1..%d", len(times), maxMeasured)
	}
	if r.samples == nil {
		r.samples = map[*Impairment][]tc.Time{}
	}
	r.samples[imp] = times
	return nil
}

func (r *reader) times(v value) (times []tc.Time, err error) {
	for i, e := range v.elements() {
		var t tc.Time
		if err := scalar(&t, bounds{}, e); err != nil {
			return nil, r.in(fmt.Sprintf("[%d]", i), func() error { return err })
		}
		times = append(times, t)
	}
	return times, nil
}

// loadTimes reads a file of times, apart by any space, with comments from # to
// the line's end. Only the administrator may name one.
func (r *reader) loadTimes(file string) (times []tc.Time, err error) {
	data, err := r.file(file, "a list of times")
	if err != nil {
		return nil, err
	}
	for n, line := range strings.Split(string(data), "\n") {
		line, _, _ = strings.Cut(line, "#")
		for _, word := range strings.Fields(line) {
			if isBare(word) && word != "0" {
				return nil, fmt.Errorf("line %d: %s has no unit: write %sms", n+1, word, word)
			}
			t, err := tc.ParseTime(word)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			times = append(times, t)
		}
	}
	return times, nil
}

// applySamples makes delay, jitter and table of what was measured; those that
// were given beside it hold.
func (r *reader) applySamples(imp *Impairment) error {
	times, ok := r.samples[imp]
	if !ok {
		return nil
	}
	delete(r.samples, imp)
	n := &imp.Netem
	if n.Distribution != (tc.Distribution{}) {
		return errors.New("excludes distribution and distributionTable")
	}
	delay, jitter, table := dist.Measured(times)
	if n.Jitter != 0 {
		jitter, table = n.Jitter, dist.Shape(times)
	}
	if n.Delay == 0 {
		n.Delay = delay
	}
	if table != "" {
		n.Jitter, n.Distribution = jitter, tc.Distribution{Name: measured, Table: table}
	}
	return nil
}

// earliest is the least that a jitter adds to the delay, below 0.
func earliest(n *tc.Netem) tc.Time {
	least := -int64(n.Jitter)
	if n.Distribution.Name == measured {
		least = 0
		for _, s := range dist.Samples(n.Distribution.Table) {
			least = min(least, int64(s)*int64(n.Jitter)/dist.Sigma)
		}
	}
	return tc.Time(least)
}
