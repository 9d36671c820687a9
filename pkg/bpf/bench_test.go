// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"fmt"
	"testing"
	"time"

	"github.com/cilium/ebpf"
)

var benchSizes = []int{10, 100, 1000, 5000}

// BenchmarkClassify gives ns-classify: what a packet costs in the program, by
// the kernel's clock; the mean over the frames of the fastest of 7 runs. Each
// run repeats one frame, so its tables are in the cache.
func BenchmarkClassify(b *testing.B) {
	needKernel(b)
	for _, s := range sets {
		for _, n := range benchSizes {
			b.Run(fmt.Sprintf("%s/%d", s.name, n), func(b *testing.B) {
				p := asEBPF(b, loaded(b, s.routes(n), true))
				frames := s.frames(n)
				var sum time.Duration
				for _, f := range frames {
					sum += fastest(b, p, f)
				}
				b.ReportMetric(float64(sum.Nanoseconds())/float64(len(frames)), "ns-classify")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func fastest(b *testing.B, p *ebpf.Program, frame []byte) time.Duration {
	best := time.Hour
	for range 7 {
		_, d, err := p.Benchmark(frame, 20000, nil)
		if err != nil {
			b.Fatal(err)
		}
		best = min(best, d)
	}
	return best
}

func BenchmarkCompile(b *testing.B) {
	eachSet(b, func(b *testing.B, s set, n int) {
		routes := s.routes(n)
		var t *Table
		var err error
		b.ReportAllocs()
		for b.Loop() {
			if t, err = Compile(routes, true); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(t.TableBytes()+t.CounterBytes())/1024, "KB-kernel")
		b.ReportMetric(float64(t.Instructions()), "insns")
	})
}

func BenchmarkLoad(b *testing.B) {
	needKernel(b)
	eachSet(b, func(b *testing.B, s set, n int) {
		t, err := Compile(s.routes(n), true)
		if err != nil {
			b.Fatal(err)
		}
		best := time.Hour
		for b.Loop() {
			start := time.Now()
			p, err := t.Load()
			if err != nil {
				b.Fatal(err)
			}
			best = min(best, time.Since(start))
			_ = p.Close()
		}
		b.ReportMetric(float64(best.Microseconds()), "us-fastest")
	})
}

func eachSet(b *testing.B, measure func(*testing.B, set, int)) {
	for _, s := range sets {
		for _, n := range benchSizes {
			b.Run(fmt.Sprintf("%s/%d", s.name, n), func(b *testing.B) { measure(b, s, n) })
		}
	}
}
