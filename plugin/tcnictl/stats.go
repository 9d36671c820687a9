// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/stats"
	"tcni.dev/pkg/stats/metrics"
	"tcni.dev/pkg/view"
)

// statsOptions are the flags of stats.
type statsOptions struct {
	watch           time.Duration
	prometheus, all bool
	textfile        string
}

func (p *process) statsCmd() *cobra.Command {
	var o statsOptions
	cmd := &cobra.Command{
		Use:   "stats [ATTACHMENT…]",
		Short: "count packets, by direction and rule, with what became of them",
		Long: `stats prints what the queues counted since they were made. CAME is the packets
that came; PACKETS and BYTES what left, as on the wire; LOST the packets lost by
the loss that was asked for; FULL those lost by a full queue, or by a full buffer in
front of the rate; WAITING what waits; QUEUE how long a packet that comes now would
wait for its turn, beside the delay that was asked for. What came is what left, was
lost, or waits, without netem's duplicates. Those, and what netem corrupted and
reordered, are in "-o wide"; kernels before 7.0 do not count them: there duplicates
are among what came, and JSON has no "netem".

Rules with the same impairment may share a class, and so do all that let packets
pass. Below such a class is a line for each rule with what came for it, where the
classifier counts: the eBPF program does ("classifier": "bpf" in the conflist),
u32 in kernels with CONFIG_CLS_U32_PERF (Debian's), a GSO packet as one. To both a
duplicate is a packet that came. Where neither does, the rules are marked with *
and counted together. In JSON, "rules" has each rule with who counted it ("by");
"shared" is a count of the whole class.

--output: table, wide, json (with --watch, a line each time), yaml`,
		Example: `  tcnictl stats
  tcnictl stats default/web --watch
  tcnictl stats default/web -o json | jq '.[].directions[].rules[] | {rule, packets, drops}'
  tcnictl stats --textfile /var/lib/node_exporter/tcni.prom`,
		ValidArgsFunction: p.completeNames,
	}
	s := selection(cmd)
	allFlag(cmd, &o.all)
	flags := cmd.Flags()
	flags.DurationVarP(&o.watch, "watch", "w", 0, "print again after each interval, with rates")
	flags.Lookup("watch").NoOptDefVal = "1s"
	flags.BoolVar(&o.prometheus, "prometheus", false, "print metrics in Prometheus' text format")
	flags.StringVar(&o.textfile, "textfile", "", "write the metrics to this file, in one step, for node_exporter")
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		if flags.Changed("watch") {
			names = o.takeInterval(names)
		}
		return p.stats(cmd.Context(), s, names, o)
	}
	return cmd
}

// takeInterval takes the interval of "--watch 1s" off the names, among which it
// is: a flag that may stand alone takes only what stands behind its =.
func (o *statsOptions) takeInterval(names []string) (rest []string) {
	for _, name := range names {
		if d, err := time.ParseDuration(name); err == nil && d > 0 {
			o.watch = d
		} else {
			rest = append(rest, name)
		}
	}
	return rest
}

func (p *process) stats(ctx context.Context, s *attach.Selection, names []string, o statsOptions) error {
	if err := namesOrAll(names, o.all, true); err != nil {
		return err
	}
	form, err := p.form(outputs["stats"]...)
	if err != nil {
		return err
	}
	return p.countAgain(ctx, o.watch, func(before []view.Stats) ([]view.Stats, error) {
		now, err := p.counted(s, names)
		if err != nil {
			return nil, err
		}
		stats.Rates(before, now)
		switch {
		case o.textfile != "":
			return now, metrics.WriteFile(o.textfile, now)
		case o.prometheus:
			return now, metrics.Write(p.out, now)
		}
		return now, p.printStats(form, now, o.watch > 0)
	})
}

// countAgain calls count once, or after each interval until the context ends.
func (p *process) countAgain(ctx context.Context, interval time.Duration, count func([]view.Stats) ([]view.Stats, error)) error {
	before, err := count(nil)
	if err != nil || interval <= 0 {
		return err
	}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if before, err = count(before); err != nil {
			return err
		}
	}
}

// counted reads the counters of what is meant.
func (p *process) counted(s *attach.Selection, names []string) ([]view.Stats, error) {
	h, err := attach.OpenHost()
	if err != nil {
		return nil, err
	}
	defer h.Close()
	list, err := p.chooseOn(h, s, names, false)
	if err != nil {
		return nil, err
	}
	return stats.Read(h, list, p.now()), nil
}
