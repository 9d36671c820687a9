// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"tcni.dev/pkg/client"
	"tcni.dev/pkg/view"
)

// lossesSent is how many packets lossesMain sends, more at once than fit.
const lossesSent = 100

// lossesMain does in a container what a test framework does: it narrows what
// leaves it, sends, asserts on what was counted, and plays.
//
//	losses SERVER ATTACHMENT ADDRESS OTHER-ATTACHMENT
func lossesMain() int { return report(losses(os.Args[1], os.Args[2], os.Args[3], os.Args[4])) }

func losses(server, name, to, other string) error {
	c, ctx := client.New(server), context.Background()
	const shape = "rate 1mbit buffer 10kb"
	now, err := c.Set(ctx, name, client.Change{Shape: "egress " + shape})
	if err != nil {
		return err
	}
	if got := now[0].Shape.Egress.Words(); got != shape {
		return fmt.Errorf("in force is %s", got)
	}
	was, err := countsOf(ctx, c, name)
	if err != nil {
		return err
	}
	if err := blast([]string{to, fmt.Sprint(lossesSent), "1000"}); err != nil {
		return err
	}
	is, err := countsOf(ctx, c, name)
	for err == nil && is.BacklogPackets > 0 {
		time.Sleep(10 * time.Millisecond)
		is, err = countsOf(ctx, c, name)
	}
	if err != nil {
		return err
	}
	lost, left := is.Drops.Buffer-was.Drops.Buffer, is.Packets-was.Packets
	if lost == 0 || left == 0 || lost+left != lossesSent || is.Offered()-was.Offered() != lossesSent {
		return fmt.Errorf("%d were lost and %d left, of %d", lost, left, is.Offered()-was.Offered())
	}
	if now, err = c.Clear(ctx, name, false); err != nil || now[0].Installed != nil {
		return fmt.Errorf("cleared: %+v, %v", now, err)
	}
	return plays(ctx, c, name, other)
}

// countsOf is what was counted of what no rule takes of one attachment's egress.
func countsOf(ctx context.Context, c *client.Client, name string) (view.Counts, error) {
	list, err := c.Stats(ctx, name)
	if err != nil {
		return view.Counts{}, err
	}
	counts, ok := client.Counted(list[0], "egress", view.RuleDefault)
	if rule, came := client.Came(list[0], "egress", view.RuleDefault); !ok || !came || rule.Packets != counts.Offered() {
		return counts, fmt.Errorf("counted %v %+v, came %v %+v", ok, counts, came, rule)
	}
	return counts, nil
}

// plays plays a scenario on its own targets, and what cannot be played.
func plays(ctx context.Context, c *client.Client, name, other string) error {
	both := fmt.Sprintf("{targets: {a: %s, b: %s}, steps: [{target: a, egress: rate 1mbit}, {target: b, both: rate 2mbit}]}", name, other)
	if err := c.Play(ctx, "", both); err != nil {
		return err
	}
	for _, wrong := range []struct {
		name, scenario string
		status         int
	}{
		{name, both, http.StatusBadRequest}, // it has targets of its own
		{"", "steps: [{for: 1s}]", http.StatusBadRequest},
		{name, "steps: [{rule: nobody, egress: rate 1mbit}]", http.StatusBadRequest},
		{"default/nobody", "steps: [{for: 1s}]", http.StatusNotFound},
	} {
		var refused *client.Error
		if err := c.Play(ctx, wrong.name, wrong.scenario); !errors.As(err, &refused) || refused.Status != wrong.status || refused.Message == "" {
			return fmt.Errorf("play %s on %q: %v, want status %d", wrong.scenario, wrong.name, err, wrong.status)
		}
	}
	return nil
}
