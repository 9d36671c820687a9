// SPDX-License-Identifier: Apache-2.0

package measure

import "math"

// Interval is a range of probabilities, 0..1.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Contains tells whether p lies in the interval, its ends included.
func (i Interval) Contains(p float64) bool { return i.Low <= p && p <= i.High }

// Binomial is the exact (Clopper-Pearson) interval for the probability of an event seen k times
// in n independent trials, at a confidence such as 0.999. With no trials it is 0..1.
func Binomial(k, n int, confidence float64) Interval {
	in := Interval{0, 1}
	if n <= 0 {
		return in
	}
	tail := (1 - confidence) / 2
	if k > 0 {
		in.Low = betaQuantile(tail, float64(k), float64(n-k+1))
	}
	if k < n {
		in.High = betaQuantile(1-tail, float64(k+1), float64(n-k))
	}
	return in
}

// betaQuantile inverts the regularised incomplete beta function by bisection: slow, and never wrong.
func betaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 100 {
		mid := (low + high) / 2
		if betaInc(mid, a, b) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// betaInc is the regularised incomplete beta function I_x(a, b), by its continued fraction
// (Abramowitz and Stegun 26.5.8) on the side where that converges fast.
func betaInc(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return min(max(x, 0), 1)
	}
	if x > (a+1)/(a+b+2) {
		return 1 - betaInc(1-x, b, a)
	}
	lab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	front := math.Exp(lab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	return front / (a * betaFraction(x, a, b))
}

// betaFraction evaluates 1 + d1/(1 + d2/(1 + …)) by Lentz's method.
func betaFraction(x, a, b float64) float64 {
	const tiny = 1e-300
	f, c, d := 1.0, 1.0, 0.0
	for i := 1; i <= 10_000; i++ {
		m := float64(i / 2)
		var num float64
		if i%2 == 0 {
			num = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		} else {
			num = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		d = 1 / nonZero(1+num*d, tiny)
		c = nonZero(1+num/c, tiny)
		f *= c * d
		if math.Abs(c*d-1) < 1e-14 {
			break
		}
	}
	return f
}

func nonZero(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}
