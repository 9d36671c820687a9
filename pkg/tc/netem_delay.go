// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strings"
)

func parseDelay(n *Netem, w *Words) (err error) {
	if n.Delay, err = Arg(w, "delay", ParseTime); err != nil {
		return err
	}
	n.Jitter, n.DelayCorr = 0, 0
	ok, err := OptArg(w, "jitter", &n.Jitter, ParseTime)
	if ok && err == nil {
		_, err = OptArg(w, "delay correlation", &n.DelayCorr, ParsePercent)
	}
	return err
}

func printDelay(n *Netem) string {
	switch {
	case n.DelayCorr != 0:
		return fmt.Sprintf("delay %v %v %v", n.Delay, n.Jitter, n.DelayCorr)
	case n.Jitter != 0:
		return fmt.Sprintf("delay %v %v", n.Delay, n.Jitter)
	}
	return optional("delay", n.Delay)
}

func parseDistribution(n *Netem, w *Words) (err error) {
	n.Distribution, err = Arg(w, "distribution", ParseDistribution)
	return err
}

func printDistribution(n *Netem) string { return optional("distribution", n.Distribution) }

// ParseDistribution reads a distribution's name; "uniform" is the absence of
// one. The table of a name that netem's users bring themselves is filled in by
// the caller.
func ParseDistribution(s string) (Distribution, error) {
	if s == "uniform" {
		return Distribution{}, nil
	}
	if strings.ContainsAny(s, "/. \t\n") || s == "" {
		return Distribution{}, fmt.Errorf("%q is not the name of a distribution", s)
	}
	return Distribution{Name: s}, nil
}

// String prints the distribution's name.
func (d Distribution) String() string { return d.Name }

func parseSlot(n *Netem, w *Words) (err error) {
	n.Slot = Slot{}
	s := &n.Slot
	if w.Accept("distribution") {
		err = parseSlotDistribution(s, w)
	} else if s.Min, err = Arg(w, "slot", ParseTime); err == nil {
		s.Max = s.Min
		_, err = OptArg(w, "slot max_delay", &s.Max, ParseTime)
	}
	for err == nil {
		switch {
		case w.Accept("packets"):
			s.Packets, err = Arg(w, "slot packets", ParseUint32)
		case w.Accept("bytes"):
			s.Bytes, err = Arg(w, "slot bytes", ParseUint32)
		default:
			return slotRange(s)
		}
	}
	return err
}

func slotRange(s *Slot) error {
	if s.Max < s.Min {
		return fmt.Errorf("slot: max_delay %v is below min_delay %v", s.Max, s.Min)
	}
	return nil
}

func parseSlotDistribution(s *Slot, w *Words) (err error) {
	if s.Distribution, err = Arg(w, "slot distribution", ParseDistribution); err != nil {
		return err
	}
	if s.Distribution == (Distribution{}) {
		return fmt.Errorf("slot distribution: uniform is written as min_delay and max_delay")
	}
	if s.Delay, err = Arg(w, "slot delay", ParseTime); err != nil {
		return err
	}
	s.Jitter, err = Arg(w, "slot jitter", ParseTime)
	return err
}

func printSlot(n *Netem) string {
	s := n.Slot
	if !s.Active() {
		return ""
	}
	head := fmt.Sprintf("slot %v %v", s.Min, s.Max)
	if s.Distribution != (Distribution{}) {
		head = fmt.Sprintf("slot distribution %v %v %v", s.Distribution, s.Delay, s.Jitter)
	}
	if s.Packets != 0 {
		head += fmt.Sprintf(" packets %d", s.Packets)
	}
	if s.Bytes != 0 {
		head += fmt.Sprintf(" bytes %d", s.Bytes)
	}
	return head
}
