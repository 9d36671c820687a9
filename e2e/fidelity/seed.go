// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"strings"
)

// seedSince is the first kernel that has TCA_NETEM_PRNG_SEED, 6.6.
const seedSince = 6006

func seedFamily() Family {
	return Family{Name: "seed", About: "The same losses twice, by two attachments one after the other, where the kernel has netem's seed (6.6); a clear error where it has not.", Cases: []Case{
		{Name: "loss", Words: "loss 5% seed 42", Measure: twice(markov{share: 0.05}), Error: "seed", ErrorBelow: seedSince},
		{Name: "loss in bursts", Words: "loss 5% burst 5 seed 7", Measure: twice(markov{share: 0.05, burst: 5}), Error: "seed", ErrorBelow: seedSince},
		{Name: "loss, ingress", Direction: Ingress, Words: "loss 5% seed 42", Measure: twice(markov{share: 0.05}), Error: "seed", ErrorBelow: seedSince},
	}}
}

// twice compares which packets are lost with those of a second attachment; that
// none is lost at all, both times, is not it.
func twice(m markov) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		u := udp{count: 5000, rate: 10000, size: 1200, segments: 8}
		first, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		other, err := attach(ctx, l.lab, l.Container.Name+"again", l.Case, l.Variant)
		if err != nil {
			return Measured{}, err
		}
		other.Scale = l.Scale
		second, err := u.packets(ctx, other)
		if err = errors.Join(err, other.detach(ctx)); err != nil {
			return Measured{}, err
		}
		differ := 0
		for i, d := range first.Delays {
			if (d < 0) != (second.Delays[i] < 0) {
				differ++
			}
		}
		return Measured{Readings: []Reading{
			count("fates that differ", 0, differ, first.Sent), count("lost", first.Lost, second.Lost, second.Sent),
			correlatedShare("loss", m.share, first.Lost, first.Sent, m.correlation()),
		}}, nil
	}
}

// plainWords tells whether plain netem takes the words as they are.
func plainWords(s string) bool {
	for _, ours := range []string{"keeporder", "buffer", "burst", "ceil", "cellsize", "overhead", "seed"} {
		if strings.Contains(s, ours) {
			return false
		}
	}
	return true
}
