// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tcni.dev/pkg/attach"
)

func (p *process) setOne(ctx context.Context, k attach.Known, change attach.Edit, lasts time.Duration) (err error) {
	s, err := p.open(ctx, k)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.letGo(s, k)) }()
	var warnings []string
	var until time.Time
	if lasts == 0 {
		warnings, err = s.Set(change, p.now())
	} else {
		until = p.now().Add(lasts)
		warnings, err = p.pushUntil(s, change, until)
	}
	if err != nil {
		return err
	}
	p.warn(warnings...)
	fmt.Fprintf(p.out, "%v: egress %s, ingress %s%s\n", k, brief(s.Record().Shape().Egress), brief(s.Record().Shape().Ingress), untilText(until))
	return nil
}

// pushUntil starts the process that takes the change back before the change is
// made: there is no moment at which nobody would.
func (p *process) pushUntil(s *attach.Session, change attach.Edit, until time.Time) ([]string, error) {
	start, err := p.reverter(s, until)
	if err != nil {
		return nil, err
	}
	id, warnings, err := s.Push(change, attach.BySet, p.now(), until)
	return warnings, errors.Join(err, start(id))
}

func untilText(until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return ", until " + until.Local().Format("15:04:05")
}
