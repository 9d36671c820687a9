// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"math"
)

// correlationKnown is a defect of tabledist in net/sched/sch_netem.c, which the
// plugin warns of.
var correlationKnown = map[string]string{"correlation": "netem takes the rest of a division of its correlated random numbers, which is not correlated"}

// correlated measures the correlation of a packet's delay with that of the one
// before. The distribution is not judged: netem's correlated numbers are a
// weighted mean of the last one and a new one, which narrows every one.
func correlated(u udp, asked float64) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		m, err := jitter(u, uniform(jitterMean-jitterWidth, jitterMean+jitterWidth), true)(ctx, l)
		if err != nil {
			return m, err
		}
		res, err := u.packets(ctx, l)
		if err != nil {
			return m, err
		}
		var x []float64
		for _, d := range res.Delays {
			if d >= 0 {
				x = append(x, ms(d))
			}
		}
		const quantile = 3.2905 // 99.9 % of a normal distribution
		half := quantile / math.Sqrt(float64(max(len(x), 1)))
		rho := lag1(x)
		m.Readings[0] = m.Readings[0].info()
		m.Readings = append(m.Readings, Reading{Metric: "correlation", Unit: "%", Asked: asked, From: asked, To: asked,
			Value: rho, Low: rho - half, High: rho + half,
			N: len(x), Least: int(math.Ceil(math.Pow(quantile/asked, 2)))}) // fewer do not tell it from none
		return m, nil
	}
}
