// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"

	"tcni.dev/pkg/tc"
)

// Framing is how a link frames packets (tc-htb(8), tc-stab(8), tc-netem(8)).
type Framing struct {
	Overhead     int32  // bytes added to each packet, -1500..1500
	MPU          uint16 // least bytes that a packet counts
	LinkLayer    tc.LinkLayer
	CellSize     uint32 // bytes; whole cells are counted
	CellOverhead int32  // bytes added to each cell
}

// NetemOnly tells whether only netem can count what a packet takes: HTB has no
// cells but ATM's and no negative overhead.
func (f Framing) NetemOnly() bool { return f.CellSize != 0 || f.CellOverhead != 0 || f.Overhead < 0 }

// ErrNotHeld is what is wrong with an impaired rule of a direction whose rate is
// NetemOnly: such a rate holds for the packets of one netem, and a rule has
// another.
var ErrNotHeld = errors.New("is impaired, but the direction's rate cannot hold for it: " + netemOnly +
	" is counted for what no rule takes alone: leave that out, or use linkLayer atm")

// netemOnly names what makes a framing NetemOnly.
const netemOnly = "cellSize or a negative overhead"

// checkHeld returns the error of the first rule that its direction's rate cannot
// hold for.
func (r *reader) checkHeld(d *Direction) error {
	if !d.Framing.NetemOnly() {
		return nil
	}
	for i := range d.Rules {
		if !d.Rules[i].Impairment.IsZero() {
			return r.in(RuleLabel("", i), func() error { return ErrNotHeld })
		}
	}
	return nil
}

// checkLinkLayer refuses what HTB cannot count, and says how netem can.
func checkLinkLayer(_ *reader, i *Impairment) error {
	if f := i.Framing; f.LinkLayer == tc.LinkATM && f.Overhead < 0 {
		return errors.New("atm has no negative overhead: write cellSize 48 and cellOverhead 5 in its place")
	}
	return nil
}

// checkCells makes ATM's cells what they are to HTB, which can do more with them
// than netem.
func checkCells(_ *reader, i *Impairment) error {
	f := &i.Framing
	switch {
	case f.CellSize != 0 && f.LinkLayer != tc.LinkEthernet:
		return fmt.Errorf("linkLayer %v has cells of its own", f.LinkLayer)
	case f.CellSize == 48 && f.CellOverhead == 5 && f.Overhead >= 0:
		f.CellSize, f.CellOverhead, f.LinkLayer = 0, 0, tc.LinkATM
	}
	return nil
}

// notOfNetem refuses what a rate that netem holds does not have.
func notOfNetem(given func(*Impairment) bool) func(*reader, *Impairment) error {
	return func(_ *reader, i *Impairment) error {
		if given(i) && i.Framing.NetemOnly() {
			return errors.New("cannot be had beside " + netemOnly + ": leave out one of them")
		}
		return nil
	}
}
