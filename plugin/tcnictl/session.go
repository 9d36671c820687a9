// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

	"tcni.dev/pkg/attach"
)

// open opens a session on an attachment, also on one that nobody has shaped.
// letGo ends it.
func (p *process) open(ctx context.Context, k attach.Known) (*attach.Session, error) {
	if k.Unshaped {
		if err := p.records.Adopt(k); err != nil {
			return nil, err
		}
	}
	s, err := p.records.Open(ctx, k.Mark)
	if err != nil && k.Unshaped {
		err = errors.Join(err, p.records.Abandon(k))
	}
	return s, err
}

// letGo forgets an attachment that nobody else knew where nothing is laid upon
// it: nothing was, could be, or is any more.
func (p *process) letGo(s *attach.Session, k attach.Known) error {
	s.Close()
	if k.Unshaped {
		return p.records.Abandon(k)
	}
	return nil
}
