// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"context"
	"time"
)

const (
	// progressEvery is how often Progress is called while nothing happens.
	progressEvery = 100 * time.Millisecond
	// lastStretch is what is slept exactly, deaf to keys.
	lastStretch = 2 * time.Millisecond
)

// wait waits for an event's time.
func (p *Player) wait(ctx context.Context, e Event) (stop bool, err error) {
	if left := p.left(e); p.Idle != nil && left > lastStretch {
		p.Idle(left)
	}
	for {
		left := p.left(e)
		switch {
		case p.paused:
		case left <= 0:
			return false, ctx.Err()
		case left <= lastStretch:
			p.Clock.Sleep(left)
			continue
		}
		p.tell(e, left)
		if stop, now, err := p.listen(ctx, e, left); stop || now || err != nil {
			return stop, err
		}
	}
}

// left is how long it is until an event.
func (p *Player) left(e Event) time.Duration { return p.start.Add(e.At).Sub(p.Clock.Now()) }

// listen waits for a key, at most until shortly before the event; now says that
// its time has come.
func (p *Player) listen(ctx context.Context, e Event, left time.Duration) (stop, now bool, err error) {
	begin := p.Clock.Now()
	lasts := min(left-lastStretch, progressEvery)
	if p.paused {
		lasts = progressEvery
	}
	var key Key = -1
	select {
	case <-ctx.Done():
		return true, false, ctx.Err()
	case key = <-p.Keys:
	case <-p.Clock.After(max(lasts, 0)):
	}
	if p.paused {
		p.start = p.start.Add(p.Clock.Now().Sub(begin))
	}
	switch key {
	case KeyStop:
		return true, false, nil
	case KeyPause:
		p.paused = !p.paused
	case KeyStep:
		p.start = p.Clock.Now().Add(-e.At)
		return false, true, nil
	}
	return false, false, nil
}

func (p *Player) tell(next Event, left time.Duration) {
	now := p.Clock.Now()
	if p.Progress == nil || now.Sub(p.told) < progressEvery {
		return
	}
	p.told = now
	p.Progress(Progress{Now: next.At - left, Step: p.step, Next: next.At, Paused: p.paused})
}
