// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// quantity reads s with parse and prints the value, or the error.
func quantity[T fmt.Stringer](parse func(string) (T, error)) func(string) string {
	return func(s string) string {
		v, err := parse(s)
		if err != nil {
			return "error: " + err.Error()
		}
		return v.String()
	}
}

func TestQuantities(t *testing.T) {
	rate, size, time, percent := quantity(ParseRate), quantity(ParseSize), quantity(ParseTime), quantity(ParsePercent)
	for _, c := range []struct {
		parse    func(string) string
		in, want string
	}{
		{rate, "20mbit", "20mbit"},
		{rate, "20Mbit", "20mbit"},
		{rate, "1.5mbit", "1.5mbit"},
		{rate, "1000", "1kbit"},
		{rate, "1mbps", "8mbit"},
		{rate, "1mibit", "1048.576kbit"},
		{rate, "34.359738368gbit", "34359738.368kbit"}, // 2^32 bytes/s: where 32-bit fields end
		{rate, "9bit", "8bit"},
		{rate, "10tbit", "10tbit"},
		{rate, "11tbit", "error: 11tbit is outside 8bit..10tbit"},
		{rate, "7bit", "error: 7bit is outside 8bit..10tbit"},
		{rate, "-1mbit", "error: -1mbit is outside 8bit..10tbit"},
		{rate, "20Mb", `error: "20Mb" is not a rate: want a number and bit, kbit, mbit or gbit (20mbit); kbps and mbps are bytes per second; did you mean 20mbit?`},
		{rate, "10M", `error: "10M" is not a rate: want a number and bit, kbit, mbit or gbit (20mbit); kbps and mbps are bytes per second; did you mean 10mbit?`},
		{rate, "10x", `error: "10x" is not a rate: want a number and bit, kbit, mbit or gbit (20mbit); kbps and mbps are bytes per second`},
		{rate, "", `error: "" is not a rate: want a number and bit, kbit, mbit or gbit (20mbit); kbps and mbps are bytes per second`},
		{rate, strings.Repeat("9", 50) + "bit", "error: " + strings.Repeat("9", 50) + "bit is outside 8bit..10tbit"},
		{size, "64kb", "64kb"},
		{size, "1514", "1514b"},
		{size, "1mbit", "128kb"},
		{size, "4g", "error: 4g is outside 0..4294967295 bytes"},
		{size, "-1", "error: -1 is outside 0..4294967295 bytes"},
		{size, "1kilo", `error: "1kilo" is not a size: want a number and b, kb, mb or gb (64kb)`},
		{time, "100ms", "100ms"},
		{time, "0.5ms", "500us"},
		{time, "1.5s", "1.5s"},
		{time, "1ns", "1ns"},
		{time, "0", "0s"},
		{time, "1234567ns", "1234.567us"},
		{time, "3600s", "3600s"},
		{time, "3601s", "error: 3601s is outside 0s..3600s"},
		{time, "-1ms", "error: -1ms is outside 0s..3600s"},
		{time, "100", `error: "100" is not a time: want a number and s, ms, us or ns (100ms)`},
		{percent, "0.5%", "0.5%"},
		{percent, "1", "1%"},
		{percent, "0.0000001%", "0.0000001%"},
		{percent, "100%", "100%"},
		{percent, "100.1%", "error: 100.1% is outside 0%..100%"},
		{percent, "-1%", "error: -1% is outside 0%..100%"},
		{percent, "1/2%", `error: "1/2%" is not a percentage (0.5%)`},
	} {
		if got := c.parse(c.in); got != c.want {
			t.Errorf("%q: got %s, want %s", c.in, got, c.want)
		}
	}
}

func TestPercentSurvivesTheKernel(t *testing.T) {
	for p := Percent(0); p <= MaxPercent; p += 999_983 { // a prime, to meet all remainders
		if got := PercentFromScaled(p.Scaled()); got != p {
			t.Fatalf("%v: got %v back", p, got)
		}
	}
	if got := MaxPercent.Scaled(); got != 0xffffffff {
		t.Errorf("100%%: got %#x", got)
	}
}

func TestRateArithmetic(t *testing.T) {
	if got := (8 * Mbit).TimeFor(1000); got != Millisecond {
		t.Errorf("1000 bytes at 8mbit: got %v, want 1ms", got)
	}
	if got := (8 * Bit).TimeFor(MaxSize); got != MaxTime {
		t.Errorf("4 GB at 8bit: got %v, want the longest time", got)
	}
	if got := (10 * Gbit).BytesIn(Millisecond); got != 1_250_000 {
		t.Errorf("1 ms of 10gbit: got %v, want 1250000", got)
	}
	if got := MaxRate.BytesIn(MaxTime); got != MaxSize {
		t.Errorf("an hour of 10tbit: got %v, want the largest size", got)
	}
	if got := Rate(0).TimeFor(1000); got != 0 {
		t.Errorf("no rate: got %v", got)
	}
	for _, c := range []struct {
		n    Size
		t    Time
		want Rate
	}{
		{1000, Millisecond, 8 * Mbit}, {1514, 60 * Second, 200}, {29127 * 65549, 10 * Second, 1_527_396_576},
		{1, 0, 0}, {1 << 62, 1, math.MaxInt64 &^ 7}, {1 << 40, MaxTime, 2_443_359_168},
	} {
		if got := RateOf(c.n, c.t); got != c.want {
			t.Errorf("%v in %v: got %d, want %d", c.n, c.t, got, c.want)
		}
	}
}

func TestRoundBurstIsStable(t *testing.T) {
	for _, r := range []Rate{8, 1000, Mbit, 7 * Mbit, 333 * Mbit, Gbit, 10 * Gbit, 100 * Gbit, Tbit, MaxRate} {
		for _, b := range []Size{1, 60, 1514, 1600, 3028, 12345, 1 << 20, MaxSize} {
			once := RoundBurst(r, b)
			if once > b {
				t.Errorf("%v at %v: rounded up to %v", b, r, once)
			}
			if twice := RoundBurst(r, once); twice != once {
				t.Errorf("%v at %v: %v, then %v", b, r, once, twice)
			}
		}
	}
}

func TestHandles(t *testing.T) {
	for in, want := range map[string]string{
		"root": "root", "1:": "1:", "7c00:2": "7c00:2", "ffff:fff2": "ffff:fff2", "ingress": "ffff:fff2", "none": "none",
		":1":      `error: handle ":1": want MAJOR: or MAJOR:MINOR in hexadecimal`,
		"1":       `error: handle "1": want MAJOR: or MAJOR:MINOR in hexadecimal`,
		"10000:1": `error: handle "10000:1": "10000" is outside 0..ffff`,
		"1:xyz":   `error: handle "1:xyz": "xyz" is outside 0..ffff`,
	} {
		if got := quantity(ParseHandle)(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func FuzzQuantities(f *testing.F) {
	for _, s := range []string{"20mbit", "0.5%", "1.5ms", "64kb", "1e9", "..", "9999999999999999999999gbit"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		again(t, s, ParseRate)
		again(t, s, ParseSize)
		again(t, s, ParseTime)
		again(t, s, ParsePercent)
		again(t, s, ParseHandle)
	})
}

// again checks that what prints also parses, to the same value.
func again[T interface {
	comparable
	fmt.Stringer
}](t *testing.T, s string, parse func(string) (T, error)) {
	v, err := parse(s)
	if err != nil {
		return
	}
	if got, err := parse(v.String()); err != nil || got != v {
		t.Errorf("%q is %v, which parses to %v, %v", s, v, got, err)
	}
}
