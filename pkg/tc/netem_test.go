// SPDX-License-Identifier: Apache-2.0

package tc

import "testing"

func TestNetemWords(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"delay 100ms", "delay 100ms"},
		{"latency 100ms 10ms 25%", "delay 100ms 10ms 25%"},
		{"delay 100ms 10ms 25% distribution normal loss 1% rate 20mbit", "delay 100ms 10ms 25% distribution normal loss 1% rate 20mbit"},
		{"delay 1ms distribution uniform", "delay 1ms"},
		{"loss random 1%", "loss 1%"},
		{"drop 1% 25%", "loss 1% 25%"},
		{"loss 0%", ""},
		{"loss state 1%", "loss state 1% 99% 0% 100% 0%"},
		{"loss state 1% 2% 3% 4% 5%", "loss state 1% 2% 3% 4% 5%"},
		{"loss gemodel 1%", "loss gemodel 1% 99% 100% 0%"},
		{"loss gemodel 1% 10% 80% 0.1% ecn", "loss gemodel 1% 10% 80% 0.1% ecn"},
		{"duplicate 1% corrupt 0.1% 5%", "duplicate 1% corrupt 0.1% 5%"},
		{"delay 10ms reorder 25% 50% gap 5", "delay 10ms reorder 25% 50% gap 5"},
		{"rate 1mbit -4 53 5", "rate 1mbit -4 53 5"},
		{"rate 1mbit 14", "rate 1mbit 14"},
		{"slot 1ms", "slot 1ms 1ms"},
		{"slot 1ms 5ms packets 10 bytes 20000", "slot 1ms 5ms packets 10 bytes 20000"},
		{"slot distribution pareto 1ms 2ms", "slot distribution pareto 1ms 2ms"},
		{"limit 5000 seed 42", "limit 5000 seed 42"},
		{"seed 0", "seed 0"},
		{"delay", "error: delay: value is missing"},
		{"delay 100", `error: delay: "100" is not a time: want a number and s, ms, us or ns (100ms)`},
		{"delay 10ms 5", `error: jitter: "5" is not a time: want a number and s, ms, us or ns (100ms)`},
		{"loss gemodel", "error: loss gemodel p: value is missing"},
		{"loss state 1% 200%", "error: loss state p31: 200% is outside 0%..100%"},
		{"slot 5ms 1ms", "error: slot: max_delay 1ms is below min_delay 5ms"},
		{"slot distribution uniform 1ms 1ms", "error: slot distribution: uniform is written as min_delay and max_delay"},
		{"distribution /etc/passwd", `error: distribution: "/etc/passwd" is not the name of a distribution`},
		{"jitter 5ms", `error: netem: unknown word "jitter"`},
		{"limit -1", `error: limit: "-1" is not a whole number in 0..4294967295`},
	} {
		n, err := ParseNetem(NewWords(c.in))
		got := n.Args()
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func FuzzNetem(f *testing.F) {
	f.Add("delay 100ms 10ms 25% distribution normal loss gemodel 1% rate 20mbit 14 48 5 slot 1ms packets 3 seed 7")
	f.Add("loss state 1% 2% ecn duplicate 1% 1% reorder 5% gap 2 limit 9")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNetem(NewWords(s))
		if err != nil {
			return
		}
		if got, err := ParseNetem(NewWords(n.Args())); err != nil || got != n {
			t.Errorf("%q prints as %q, which parses to %+v, %v", s, n.Args(), got, err)
		}
	})
}

// TestNetemCounts holds what a packet counts to what the kernel computes.
func TestNetemCounts(t *testing.T) {
	for _, c := range []struct {
		rate string
		size Size
		want Size
	}{
		{"rate 1mbit", 1514, 1514}, {"rate 1mbit -14", 1514, 1500}, {"rate 1mbit -1500", 60, 1},
		{"rate 1mbit 0 48 5", 1514, 32 * 53}, {"rate 1mbit 10 64 0", 54, 64}, {"rate 1mbit 11 64 -4", 54, 2 * 60},
	} {
		n, err := ParseNetem(NewWords(c.rate))
		if err != nil {
			t.Fatal(err)
		}
		if got := n.Counts(c.size); got != c.want {
			t.Errorf("%s: %v counts %v, want %v", c.rate, c.size, got, c.want)
		}
	}
}
