// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"fmt"
	"strings"
	"time"
)

// MismatchError lists everything in which the kernel differs from the shape.
type MismatchError struct {
	Identity    Identity
	Differences []string // "container eth0: SLOT: want X, got Y"
}

// Error names the attachment and the first difference.
func (e *MismatchError) Error() string {
	if more := len(e.Differences) - 1; more > 0 {
		return fmt.Sprintf("%v: not as asked for: %s (and %d more)", e.Identity, e.Differences[0], more)
	}
	return fmt.Sprintf("%v: not as asked for: %s", e.Identity, e.Differences[0])
}

// Details lists all differences, a line each.
func (e *MismatchError) Details() string { return strings.Join(e.Differences, "\n") }

// Check compares what is in the kernel with the attachment's shape, or with what
// the companion has put in its place since (Record.Override): it is right when
// Add, or the companion, would have nothing to do. Anything else is a
// *MismatchError.
func Check(a Attachment, records Records) error {
	var in *Inspection
	var err error
	for range playTries {
		now, played := a.overridden(records)
		if now.Egress == nil && now.Ingress == nil {
			return nil
		}
		if in, err = inspect(nil, now); err != nil {
			return err
		}
		if len(in.Differences) == 0 {
			return nil
		}
		if !played {
			break
		}
		time.Sleep(playPause)
	}
	return &MismatchError{Identity: a.Identity, Differences: in.Differences}
}

// What a player plays may change between a look at the record and one at the
// kernel: both are looked at again, some times, with a pause.
const (
	playTries = 20
	playPause = time.Millisecond
)

// overridden is the attachment with what its record says is in force instead.
// Without a record, or with one that cannot be read, it is what was asked for.
func (a Attachment) overridden(records Records) (now Attachment, played bool) {
	rec, err := records.Read(a.Mark())
	if err != nil || rec.Override == nil {
		return a, false
	}
	c := *a.Conf
	c.Egress, c.Ingress = rec.Override.Egress, rec.Override.Ingress
	a.Conf = &c
	return a, rec.played()
}
