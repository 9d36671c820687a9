// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"context"
	"fmt"
	"time"

	"tcni.dev/pkg/plan"
)

// Sessions exclude each other by the record's lock. ADD and DEL must wait for
// nobody, so that they can meet a session (of set, play, restore, …) at any point.
// The record decides. Each does, in this order:
//
//	ADD      A1 put its record in place, locked   A2 bring the kernel to it   A3 unlock
//	DEL      D1 remove the record    D2 clear the kernel    D3 again from D1 if there is a record
//	session  S1 lock the record   S2 put another in its place, if it is still the one that is
//	         locked (exchange)   S3 change the kernel   S4 see whether the record is the one of S2
//
// A session and DEL:
//
//   - D1 before S1: there is no attachment.
//   - D1 between S1 and S2: S2 finds no record to exchange; nothing was changed.
//   - S2, D1, and D2 begins after S3 has ended: D2 takes all of it.
//   - S2, D1, and S3 ends after D2 has begun: S4 comes after D1, finds no record and
//     clears the kernel. That D2 does the same at the same time is no harm: what is
//     gone is no error to either.
//   - D1 after S4: D2 comes after S3.
//
// A player does S1 and S2 once, then S3 and S4 for each step; restore does no S2
// where it only repairs. Neither makes a difference: S3 is always followed by S4.
//
// A session and ADD:
//
//   - A3 before S1: one after the other. S1 does not get between A1 and A3.
//   - A1 between S1 and S2: S2 takes out ADD's record, sees it and puts it back; the
//     kernel is ADD's alone.
//   - S2, A1, and S3 ends before A2 looks: A2 changes what S3 made, too.
//   - S2, A1, otherwise: S4 comes after A1 and finds ADD's record. It locks that, which
//     waits for A3, and brings the kernel to it. A2 can meet S3 halfway and fail; then
//     ADD removes its record, and S4 does as after DEL.
//
// A command adopts what has no record by a record that does not replace one: after
// ADD it keeps ADD's; after D1 it makes one that D3 finds, or that is in order,
// since it comes after all of DEL. Where a session or a command takes back what
// was adopted, the record goes first, only if it is the one that is locked
// (unlink); then the kernel is cleared, and a record that ADD has put there
// meanwhile is brought into force as by S4.
//
// Whoever is killed leaves a record that tells what is to be (restore), or no
// record and something in the kernel, as ADD and DEL do: DEL and GC find that.

// settle leaves the kernel to whom the attachment is now, after a session has
// changed it whose record is not, or no more, in its place. What it was brought
// to last tells of netem's tables, which cannot be read back.
func (r Records) settle(was Record, last *plan.Plan) error {
	m := was.Mark()
	for range removeTries {
		if !r.Has(m) {
			err := removeShape(m, was.IfName, was.Netns, was.Exempt)
			if err != nil || !r.Has(m) {
				return err
			}
		}
		err := r.renew(m, last)
		if err == nil || r.Has(m) {
			return err
		}
	}
	return nil
}

// renew brings the kernel to the record that is there now.
func (r Records) renew(m Mark, last *plan.Plan) error {
	ctx, stop := context.WithTimeout(context.Background(), settleTime)
	defer stop()
	s, err := r.Open(ctx, m)
	if err != nil {
		return err
	}
	defer s.Close()
	s.last = last
	_, err = s.Renew()
	return err
}

// settleTime is far longer than an ADD has its record locked.
const settleTime = 5 * time.Second

// forget takes away what was adopted, for who holds its record.
func (l *lock) forget(rec Record) error {
	if err := l.unlink(); err != nil {
		return fmt.Errorf("%v: %w", rec.Identity, err)
	}
	return l.records.settle(rec, nil)
}
