// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tcni.dev/e2e/measure"
)

func delayFamily() Family {
	f := Family{Name: "delay", About: "Added delay: what is measured less what the same path takes without a shape. Right within 0.2 ms + 1 % at the median."}
	for _, d := range []string{"1ms", "20ms", "100ms", "1000ms"} {
		f.Cases = append(f.Cases, Case{Name: "UDP IPv4", Words: "delay " + d, Plain: "delay " + d, Measure: udpDelay(parse(d), false)})
	}
	const d, words = 50 * time.Millisecond, "delay 50ms"
	f.Cases = append(f.Cases,
		Case{Name: "UDP IPv6", Words: words, Plain: words, Measure: udpDelay(d, true)},
		Case{Name: "UDP ingress", Direction: Ingress, Words: words, Plain: words, Measure: udpDelay(d, false)},
		Case{Name: "UDP IPv6 ingress", Direction: Ingress, Words: words, Plain: words, Measure: udpDelay(d, true)},
		Case{Name: "ICMP", Words: words, Plain: words, Measure: echoDelay(d, false)},
		Case{Name: "ICMPv6", Words: words, Plain: words, Measure: echoDelay(d, true)},
	)
	for _, place := range []string{"container", "host"} {
		for _, dir := range []Direction{Egress, Ingress} {
			f.Cases = append(f.Cases, Case{
				Name: fmt.Sprintf("UDP %s, placement %s", dir, place), Direction: dir, Placement: place,
				Words: words, Plain: words, Measure: udpDelay(d, false),
			})
		}
	}
	return f
}

func parse(s string) time.Duration {
	d, _ := time.ParseDuration(s)
	return d
}

// Baselines are medians of delays without a shape.
type Baselines struct{ UDP4, UDP6, Echo4, Echo6 time.Duration }

func (b *Baselines) of(icmp, v6 bool) *time.Duration {
	switch {
	case icmp && v6:
		return &b.Echo6
	case icmp:
		return &b.Echo4
	case v6:
		return &b.UDP6
	}
	return &b.UDP4
}

var delayProbe = udp{count: 300, rate: 200}

// measureBaselines measures a link that has no shape.
func measureBaselines(ctx context.Context, l *Link) (b Baselines, err error) {
	for _, v6 := range []bool{false, true} {
		u := delayProbe
		u.v6 = v6
		res, err := u.packets(ctx, l)
		if err != nil {
			return b, err
		}
		echo, err := measure.Echo(ctx, l.Container, l.target(v6).Addr(), measure.EchoOptions{Count: 100})
		if err != nil {
			return b, err
		}
		if res.Lost+echo.Lost() > 0 {
			return b, fmt.Errorf("%d of %d packets and %d of %d echoes were lost without a shape", res.Lost, res.Sent, echo.Lost(), echo.Sent)
		}
		*b.of(false, v6), *b.of(true, v6) = res.Delay.Median, echo.RTT.Median
	}
	return b, nil
}

func udpDelay(asked time.Duration, v6 bool) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		u := delayProbe
		u.v6, u.linger = v6, asked+time.Second
		res, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		return delayed(asked, *l.Base.of(false, v6), res.Delays, res.Lost, res.Sent), nil
	}
}

func echoDelay(asked time.Duration, v6 bool) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := measure.Echo(ctx, l.Container, l.target(v6).Addr(), measure.EchoOptions{Count: l.packets(200), Timeout: asked + time.Second})
		if err != nil {
			return Measured{}, err
		}
		return delayed(asked, *l.Base.of(true, v6), res.Samples, res.Lost(), res.Sent), nil
	}
}

// delayed judges delays: the median closely, the worst of some hundreds with
// the time that a processor may be busy.
func delayed(asked, base time.Duration, delays []time.Duration, lost, sent int) Measured {
	var x []float64
	for _, d := range delays {
		if d >= 0 {
			x = append(x, ms(d-base))
		}
	}
	slices.Sort(x)
	tolerance := 0.2 + ms(asked)/100
	median := within("median", "ms", ms(asked), tolerance, measure.Quantile(x, 0.5), len(x))
	worst := within("worst", "ms", ms(asked), tolerance+1, measure.Quantile(x, 1), len(x))
	return Measured{
		Readings: []Reading{median, worst, count("lost", 0, lost, sent)},
		Series:   []Series{{Name: "", XLabel: "asked (ms)", YLabel: "added (ms)", X: []float64{ms(asked)}, Y: []float64{median.Value}}},
	}
}
