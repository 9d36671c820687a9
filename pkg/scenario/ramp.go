// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"math"
	"sync"

	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

// rampStep is the time between two steps of a ramp, where none is given.
const rampStep = 100e6 // ns

// newRamp returns the edits of one ramp: x goes from 0 to 1. Where a target is
// at its first step is where its ramp begins.
func newRamp(to Edit) func(x float64) Edit {
	var mu sync.Mutex // targets are edited at the same time
	starts := map[string]conf.Shape{}
	return func(x float64) Edit {
		return func(target string, now, base conf.Shape) (conf.Shape, error) {
			mu.Lock()
			start, ok := starts[target]
			if !ok {
				start, starts[target] = now, now
			}
			mu.Unlock()
			end, err := to(target, start, base)
			if err != nil {
				return now, err
			}
			end.Egress = between(start.Egress, end.Egress, x)
			end.Ingress = between(start.Ingress, end.Ingress, x)
			return end, nil
		}
	}
}

// between is what lies between two directions; what rules there are is the
// second's business.
func between(a, b *conf.Direction, x float64) *conf.Direction {
	if a == b || x >= 1 {
		return b
	}
	var from, to conf.Direction
	if a != nil {
		from = *a
	}
	if b != nil {
		to = *b
	}
	out := to
	out.Impairment = mix(from.Impairment, to.Impairment, x)
	out.Rules = append([]conf.Rule(nil), to.Rules...)
	for i := range out.Rules {
		if i < len(from.Rules) && from.Rules[i].Name == out.Rules[i].Name {
			out.Rules[i].Impairment = mix(from.Rules[i].Impairment, to.Rules[i].Impairment, x)
		}
	}
	return &out
}

// mix goes from one impairment to another. Rates go by their ratio, the rest by
// the difference; a rate that begins or ends at unlimited has no way there, and
// what is no quantity is the second's at once.
func mix(a, b conf.Impairment, x float64) conf.Impairment {
	out := b
	out.Rate, out.Ceil = ratio(a.Rate, b.Rate, x), ratio(a.Ceil, b.Ceil, x)
	n, from, to := &out.Netem, a.Netem, b.Netem
	n.Delay, n.Jitter = linear(from.Delay, to.Delay, x), linear(from.Jitter, to.Jitter, x)
	n.Duplicate, n.Corrupt = linear(from.Duplicate, to.Duplicate, x), linear(from.Corrupt, to.Corrupt, x)
	if n.Reorder != 0 && from.Reorder != 0 {
		n.Reorder = linear(from.Reorder, to.Reorder, x)
	}
	if from.Loss.Model == to.Loss.Model || from.Loss.Model == tc.LossNone || to.Loss.Model == tc.LossNone {
		n.Loss.Model = max(from.Loss.Model, to.Loss.Model)
		for i := range n.Loss.P {
			n.Loss.P[i] = linear(from.Loss.P[i], to.Loss.P[i], x)
		}
	}
	return out
}

func linear[T ~int64](a, b T, x float64) T { return a + T(math.Round(float64(b-a)*x)) }

func ratio(a, b tc.Rate, x float64) tc.Rate {
	if a == 0 || b == 0 {
		return b
	}
	r := tc.Rate(float64(a)*math.Pow(float64(b)/float64(a), x)) &^ 7 // whole bytes
	return max(r, tc.MinRate)
}
