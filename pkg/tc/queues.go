// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

// TBF is the token bucket filter, tc-tbf(8). We use it as a segmenter: a
// packet longer than its burst that the kernel can split, is split
// (tbf_segment in net/sched/sch_tbf.c).
type TBF struct {
	Rate  Rate // up to 9 Ebit/s: at such a rate, no packet takes any time
	Burst Size // also the longest packet that passes unsplit (TCA_TBF_BURST, since 3.13)
	Limit Size // bytes that may wait
}

// Kind implements Spec.
func (TBF) Kind() string { return "tbf" }

// Args implements Spec.
func (t TBF) Args() string { return fmt.Sprintf("rate %v burst %v limit %v", t.Rate, t.Burst, t.Limit) }

func parseTBF(w *Words) (Spec, error) {
	var t TBF
	for !w.Done() {
		var err error
		switch {
		case w.Accept("rate"):
			t.Rate, err = Arg(w, "rate", parseAnyRate)
		case w.Accept("burst"):
			t.Burst, err = Arg(w, "burst", ParseSize)
		case w.Accept("limit"):
			t.Limit, err = Arg(w, "limit", ParseSize)
		default:
			return t, fmt.Errorf("tbf: unknown word %q", w.Peek())
		}
		if err != nil {
			return t, err
		}
	}
	if t.Rate == 0 {
		return t, fmt.Errorf("tbf: rate is missing")
	}
	return t, nil
}

// FIFO is a queue that is limited in packets (pfifo) or in bytes (bfifo).
type FIFO struct {
	Bytes bool   // bfifo
	Limit uint32 // packets, or bytes
}

// Kind implements Spec.
func (f FIFO) Kind() string {
	if f.Bytes {
		return "bfifo"
	}
	return "pfifo"
}

// Args implements Spec.
func (f FIFO) Args() string {
	if f.Bytes {
		return "limit " + Size(f.Limit).String()
	}
	return fmt.Sprintf("limit %d", f.Limit)
}

func parseFIFO(bytes bool) func(*Words) (Spec, error) {
	return func(w *Words) (Spec, error) {
		f := FIFO{Bytes: bytes}
		if err := w.Expect("limit"); err != nil {
			return f, fmt.Errorf("%s: %w", f.Kind(), err)
		}
		v, err := Arg(w, "limit", ParseSize)
		f.Limit = uint32(v)
		return f, err
	}
}

// Clsact is the qdisc that carries filters for arriving and leaving packets;
// Ingress is its older relation, for arriving ones only.
type Clsact struct{ IngressOnly bool }

// Kind implements Spec.
func (c Clsact) Kind() string {
	if c.IngressOnly {
		return "ingress"
	}
	return "clsact"
}

// Args implements Spec.
func (Clsact) Args() string { return "" }

func parseClsact(ingressOnly bool) func(*Words) (Spec, error) {
	return func(*Words) (Spec, error) { return Clsact{IngressOnly: ingressOnly}, nil }
}

// Other is a qdisc of a kind that we never make.
type Other struct{ Name string }

// Kind implements Spec.
func (o Other) Kind() string { return o.Name }

// Args implements Spec.
func (Other) Args() string { return "" }

// specParsers reads the words behind a qdisc's kind. A new kind is a new line.
var specParsers = map[string]func(*Words) (Spec, error){
	"htb":     parseHTB,
	"netem":   func(w *Words) (Spec, error) { return ParseNetem(w) },
	"tbf":     parseTBF,
	"pfifo":   parseFIFO(false),
	"bfifo":   parseFIFO(true),
	"clsact":  parseClsact(false),
	"ingress": parseClsact(true),
}
