// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

func parseNetemRate(n *Netem, w *Words) (err error) {
	if n.Rate, err = Arg(w, "rate", ParseRate); err != nil {
		return err
	}
	n.Overhead, n.CellSize, n.CellOverhead = 0, 0, 0
	ok, err := OptArg(w, "rate packet overhead", &n.Overhead, ParseInt32)
	if ok && err == nil {
		ok, err = OptArg(w, "rate cell size", &n.CellSize, ParseUint32)
	}
	if ok && err == nil {
		_, err = OptArg(w, "rate cell overhead", &n.CellOverhead, ParseInt32)
	}
	return err
}

// Counts returns the bytes that a packet of size bytes counts for the rate
// (packet_time_ns in net/sched/sch_netem.c); 1 at least.
func (n Netem) Counts(size Size) Size {
	size += Size(n.Overhead)
	if n.CellSize != 0 {
		cells := (size + Size(n.CellSize) - 1) / Size(n.CellSize)
		size = cells * (Size(n.CellSize) + Size(n.CellOverhead))
	}
	return max(size, 1)
}

func printNetemRate(n *Netem) string {
	switch {
	case n.Rate == 0:
		return ""
	case n.CellOverhead != 0:
		return fmt.Sprintf("rate %v %d %d %d", n.Rate, n.Overhead, n.CellSize, n.CellOverhead)
	case n.CellSize != 0:
		return fmt.Sprintf("rate %v %d %d", n.Rate, n.Overhead, n.CellSize)
	case n.Overhead != 0:
		return fmt.Sprintf("rate %v %d", n.Rate, n.Overhead)
	}
	return fmt.Sprintf("rate %v", n.Rate)
}
