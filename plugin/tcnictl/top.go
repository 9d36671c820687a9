// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/stats"
	"tcni.dev/pkg/view"
)

// topSorts are what top can sort by, with the key that asks for it.
var topSorts = map[byte]struct {
	name string
	by   func(view.Counts) float64
}{
	'b': {"bit/s", func(c view.Counts) float64 { return rate(c, func(r *view.Rates) float64 { return r.Bits }) }},
	'd': {"drops/s", func(c view.Counts) float64 { return rate(c, func(r *view.Rates) float64 { return r.Drops }) }},
	'w': {"waiting", func(c view.Counts) float64 { return float64(c.BacklogBytes) }},
}

func rate(c view.Counts, of func(*view.Rates) float64) float64 {
	if c.Rates == nil {
		return 0
	}
	return of(c.Rates)
}

func (p *process) topCmd() *cobra.Command {
	var interval time.Duration
	cmd := &cobra.Command{
		Use:   "top [ATTACHMENT…]",
		Short: "watch the busiest classes live",
		Long: `top shows what each class carries and loses now, with its last readings as a line
that is full where the class carried most. Keys: b, d and w sort by bit/s, drops/s
and what waits; space stops the screen and goes on; q ends it. It needs a terminal:
"tcnictl stats --watch" is for files.`,
		Example: `  tcnictl top
  tcnictl top 'default/*' --interval 500ms`,
		ValidArgsFunction: p.completeNames,
	}
	var all bool
	s := selection(cmd)
	allFlag(cmd, &all)
	cmd.Flags().DurationVar(&interval, "interval", time.Second, "how often to count")
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		if err := namesOrAll(names, all, true); err != nil {
			return err
		}
		if !p.interactive(p.out) {
			return usagef("top needs a terminal: see tcnictl stats --watch")
		}
		if interval < 50*time.Millisecond {
			return usagef("--interval %v: want 50ms or more", interval)
		}
		return p.top(cmd.Context(), s, names, interval)
	}
	return cmd
}

func (p *process) top(ctx context.Context, s *attach.Selection, names []string, interval time.Duration) error {
	typed, release := p.typed()
	defer release()
	fmt.Fprint(p.out, "\x1b[?1049h\x1b[?25l") // another screen, no cursor
	defer fmt.Fprint(p.out, "\x1b[?25h\x1b[?1049l")
	tick := time.NewTicker(interval)
	defer tick.Stop()
	screen := topScreen{sort: 'b', history: map[string][]float64{}}
	if err := p.topCount(&screen, s, names); err != nil {
		return err
	}
	for {
		screen.width, screen.height = p.size()
		fmt.Fprint(p.out, screen.draw())
		select {
		case <-ctx.Done():
			return nil
		case key, open := <-typed:
			switch {
			case key == 'q':
				return nil
			case !open:
				typed = nil
			default:
				screen.press(key)
			}
		case <-tick.C:
			if screen.stopped {
				continue
			}
			if err := p.topCount(&screen, s, names); err != nil {
				return err
			}
		}
	}
}

// topCount takes a reading.
func (p *process) topCount(screen *topScreen, s *attach.Selection, names []string) error {
	now, err := p.counted(s, names)
	if err != nil {
		return err
	}
	stats.Rates(screen.list, now)
	screen.list, screen.at = now, p.now()
	screen.remember()
	return nil
}

// size is the terminal's, in columns and lines.
func (p *process) size() (width, height int) {
	if f, ok := p.out.(*os.File); ok {
		if size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ); err == nil && size.Row > 0 && size.Col > 0 {
			return int(size.Col), int(size.Row)
		}
	}
	return 80, 24
}
