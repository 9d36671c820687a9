// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"math/big"

	"tcni.dev/pkg/tc"
)

// parseLoss reads netem's loss models, and two ways of saying a Gilbert-Elliott
// model that people mean: "loss PERCENT burst LENGTH" and a correlation.
func parseLoss(r *reader, imp *Impairment, w *tc.Words) error {
	return r.loss(&imp.Netem.Loss, w)
}

func (r *reader) loss(loss *tc.Loss, w *tc.Words) (err error) {
	var n tc.Netem
	if err := netemWord(&n, w); err != nil {
		return err
	}
	*loss = n.Loss
	ahead := *w
	burst := loss.Model <= tc.LossRandom && ahead.Accept("burst") && isBare(ahead.Peek())
	switch share, corr := loss.P[0], loss.P[1]; {
	case burst && corr != 0:
		return errBurstAndCorrelation
	case burst:
		length := ahead.Next()
		*w = ahead
		*loss, err = burstLoss(share, length)
	case loss.Model == tc.LossRandom:
		*loss, err = r.correlatedLoss(share, corr)
	}
	return err
}

var errBurstAndCorrelation = errors.New("burst and correlation say the same thing: give one of them")

// readLoss reads the object form: the string form's words, or an object.
func readLoss(r *reader, imp *Impairment, v value) error {
	if v[0] == '{' {
		return readLossObject(r, imp, v)
	}
	s, err := quantity(&imp.Netem.Loss, v)
	if err != nil {
		return err
	}
	w := tc.NewWords("loss " + s)
	if err := r.loss(&imp.Netem.Loss, w); err != nil {
		return err
	}
	if !w.Done() {
		return fmt.Errorf("%q is left over", w.Peek())
	}
	return nil
}

// readLossObject reads {"percent": …, "burst": … or "correlation": …}.
func readLossObject(r *reader, imp *Impairment, v value) (err error) {
	var percent, correlation tc.Percent
	var burst string
	hasPercent := false
	err = r.object(v, func() []string { return []string{"percent", "burst", "correlation"} },
		func(key string, v value) (bool, error) {
			switch key {
			case "percent":
				hasPercent = true
				return true, scalar(&percent, bounds{}, v)
			case "correlation":
				return true, scalar(&correlation, bounds{}, v)
			case "burst":
				if burst = string(v); !v.isNumber() {
					return true, fmt.Errorf("want a number of packets, got %s", v.what())
				}
				return true, nil
			}
			return false, nil
		})
	switch {
	case err != nil:
	case !hasPercent:
		err = errors.New("percent is missing")
	case burst != "" && correlation != 0:
		err = errBurstAndCorrelation
	case burst != "":
		imp.Netem.Loss, err = burstLoss(percent, burst)
	default:
		imp.Netem.Loss, err = r.correlatedLoss(percent, correlation)
	}
	return err
}

// burstLoss returns the Gilbert-Elliott model that loses share of all packets
// in bursts of the given mean length: r = 1/length, p = share·r/(1−share), all
// lost in the bad state and none in the good one.
func burstLoss(share tc.Percent, length string) (tc.Loss, error) {
	one, most := big.NewRat(1, 1), big.NewRat(1e6, 1)
	mean, ok := new(big.Rat), isBare(length) && len(length) <= 20 // an exponent could ask for a number of any length
	if ok {
		mean, ok = mean.SetString(length)
	}
	if !ok || mean.Cmp(one) < 0 || mean.Cmp(most) > 0 {
		return tc.Loss{}, fmt.Errorf("burst: %s is outside 1..1000000 packets", length)
	}
	if share == 0 {
		return tc.Loss{}, nil
	}
	if share == tc.MaxPercent {
		return tc.Loss{}, fmt.Errorf("burst: a loss of 100%% has no bursts")
	}
	// length ≥ share/(1−share), or the good state would have to be left with
	// more than certainty.
	odds := big.NewRat(int64(share), int64(tc.MaxPercent-share))
	r := tc.Percent(roundRat(new(big.Rat).Quo(big.NewRat(int64(tc.MaxPercent), 1), mean)))
	p := tc.Percent(roundRat(new(big.Rat).Mul(odds, big.NewRat(int64(r), 1))))
	if p > tc.MaxPercent {
		return tc.Loss{}, fmt.Errorf("burst: %s is below %s, the shortest mean burst of a loss of %v", length, odds.FloatString(2), share)
	}
	return gilbert(share, p, r)
}

// correlatedLoss returns what the author of "loss PERCENT CORRELATION" meant:
// that share of the packets, the fate of each having that correlation with the
// fate of the one before. In a Gilbert-Elliott model it is p = share·(1−corr),
// r = (1−share)·(1−corr).
func (r *reader) correlatedLoss(share, corr tc.Percent) (tc.Loss, error) {
	switch {
	case corr == tc.MaxPercent:
		return tc.Loss{}, fmt.Errorf("a correlation of 100%% would never lose, or never pass, a packet")
	case share == 0:
		return tc.Loss{}, nil
	case corr == 0 || share == tc.MaxPercent:
		return tc.Loss{Model: tc.LossRandom, P: [5]tc.Percent{share}}, nil
	}
	r.warnf("netem's correlation makes a loss of %v far rarer than that (%v with %v); "+
		"a Gilbert-Elliott model with the loss and the correlation asked for takes its place", share, share, corr)
	return gilbert(share, product(share, tc.MaxPercent-corr), product(tc.MaxPercent-share, tc.MaxPercent-corr))
}

func gilbert(share, p, r tc.Percent) (tc.Loss, error) {
	if p == 0 || r == 0 {
		return tc.Loss{}, fmt.Errorf("%v is too rare for bursts of that length", share)
	}
	return tc.Loss{Model: tc.LossGEModel, P: [5]tc.Percent{p, r, tc.MaxPercent, 0}}, nil
}

// product multiplies two shares, rounded to the nearest.
func product(a, b tc.Percent) tc.Percent {
	return (a*b + tc.MaxPercent/2) / tc.MaxPercent
}

func roundRat(x *big.Rat) int64 {
	n := new(big.Int).Lsh(x.Num(), 1)
	n.Add(n, x.Denom())
	return n.Quo(n, new(big.Int).Lsh(x.Denom(), 1)).Int64()
}
