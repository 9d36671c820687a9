// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"fmt"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// services are pinged by the shop in every case, for the chart.
var services = []string{"payments", "catalogue"}

// measureAll measures a case: round trips first, then path by path.
func (r *run) measureAll(ctx context.Context, d *Done) error {
	d.Trips = map[string][]time.Duration{}
	rtt := map[string]measure.EchoResult{}
	for _, service := range services {
		res, err := r.link(shop, service).trips(ctx)
		if err != nil {
			return err
		}
		d.Trips[service], rtt[service] = res.Samples, res
	}
	for _, p := range d.Case.Paths {
		m, err := r.path(ctx, p, d.Case.Name, rtt)
		if err != nil {
			return err
		}
		d.Paths = append(d.Paths, m)
		for _, f := range m.failures() {
			r.report.Failures = append(r.report.Failures, d.Case.Name+": "+f)
		}
	}
	return nil
}

func (r *run) path(ctx context.Context, p Path, name string, rtt map[string]measure.EchoResult) (Measured, error) {
	r.Progress(fmt.Sprintf("%s: measuring %s and %s", name, p.Container, p.Service))
	l := r.link(p.Container, p.Service)
	m := Measured{Path: p}
	trips := rtt[p.Service]
	if p.Container != shop {
		var err error
		if trips, err = l.trips(ctx); err != nil {
			return m, err
		}
	}
	m.RTT, l.rtt = trips.RTT, trips.RTT.Median
	var err error
	if m.Egress, err = l.egress(ctx, p.Egress); err != nil || p.OneWay {
		return m, err
	}
	back, err := l.ingress(ctx, p.Ingress)
	m.Ingress = &back
	return m, err
}

func (r *run) link(container, service string) link {
	l := link{container: r.containers[container], service: r.lab.World(service), local: r.addrs[container]}
	for _, w := range lab.DefaultWorlds() {
		if w.Name == service {
			l.remote = w.Addrs[0].Addr()
		}
	}
	return l
}
