// SPDX-License-Identifier: Apache-2.0

// Package metrics shows counters to Prometheus.
package metrics

import (
	"io"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"tcni.dev/pkg/view"
)

// attachmentLabels tell an attachment, classLabels one of its classes. Rules
// that share a class are one value, with commas between.
var (
	attachmentLabels = []string{"namespace", "pod", "container_id", "network", "interface"}
	classLabels      = append(attachmentLabels[:len(attachmentLabels):len(attachmentLabels)], "direction", "class", "rules")
)

// metric is one number of a class.
type metric struct {
	desc  *prometheus.Desc
	typ   prometheus.ValueType
	value func(view.Counts) (float64, bool)
}

func count(name, help string, v func(view.Counts) uint64) metric {
	return metric{prometheus.NewDesc(name, help, classLabels, nil), prometheus.CounterValue,
		func(c view.Counts) (float64, bool) { return float64(v(c)), true }}
}

func gauge(name, help string, v func(view.Counts) float64) metric {
	return metric{prometheus.NewDesc(name, help, classLabels, nil), prometheus.GaugeValue,
		func(c view.Counts) (float64, bool) { return v(c), true }}
}

// ofNetem is a count that only some kernels have.
func ofNetem(name, help string, v func(*view.Netem) uint64) metric {
	return metric{prometheus.NewDesc(name, help, classLabels, nil), prometheus.CounterValue,
		func(c view.Counts) (float64, bool) {
			if c.Netem == nil {
				return 0, false
			}
			return float64(v(c.Netem)), true
		}}
}

// metrics are those of each class. A new one is a new line.
var metrics = []metric{
	count("tcni_packets_total", "Packets that left, as on the wire.", func(c view.Counts) uint64 { return c.Packets }),
	count("tcni_bytes_total", "Bytes of packets that left.", func(c view.Counts) uint64 { return c.Bytes }),
	gauge("tcni_backlog_packets", "Packets that wait, for their delay or their turn.", func(c view.Counts) float64 { return float64(c.BacklogPackets) }),
	gauge("tcni_backlog_bytes", "Bytes that wait.", func(c view.Counts) float64 { return float64(c.BacklogBytes) }),
	gauge("tcni_queue_delay_seconds", "How long a packet that comes now would wait for its turn, beside its delay.", func(c view.Counts) float64 { return c.QueueDelay }),
	ofNetem("tcni_delayed_packets_total", "Packets that were delayed.", func(n *view.Netem) uint64 { return n.Delayed }),
	ofNetem("tcni_duplicated_packets_total", "Packets that were sent twice.", func(n *view.Netem) uint64 { return n.Duplicated }),
	ofNetem("tcni_corrupted_packets_total", "Packets of which a bit was changed.", func(n *view.Netem) uint64 { return n.Corrupted }),
	ofNetem("tcni_reordered_packets_total", "Packets that were sent ahead of their turn.", func(n *view.Netem) uint64 { return n.Reordered }),
}

var (
	drops = prometheus.NewDesc("tcni_dropped_packets_total", "Packets lost: by the loss that was asked for, a full queue of netem, a full buffer in front of the rate.",
		append(classLabels[:len(classLabels):len(classLabels)], "cause"), nil)
	ruleCame = prometheus.NewDesc("tcni_rule_packets_total", "Packets that came for a rule, lost ones included. Rules that nobody counts apart have none.",
		append(attachmentLabels[:len(attachmentLabels):len(attachmentLabels)], "direction", "class", "rule", "counted_by"), nil)
	// up has the mark, too: what cannot be read may have no other label.
	up = prometheus.NewDesc("tcni_attachment_readable", "Whether the attachment's counters could be read.",
		append(attachmentLabels[:len(attachmentLabels):len(attachmentLabels)], "mark"), nil)
)

// Collector is a prometheus.Collector of what Read returns.
type Collector struct {
	Read func() ([]view.Stats, error)
}

// Describe implements prometheus.Collector.
func (Collector) Describe(ch chan<- *prometheus.Desc) {
	for _, m := range metrics {
		ch <- m.desc
	}
	ch <- drops
	ch <- ruleCame
	ch <- up
}

// Collect implements prometheus.Collector.
func (c Collector) Collect(ch chan<- prometheus.Metric) {
	list, err := c.Read()
	if err != nil {
		ch <- prometheus.NewInvalidMetric(up, err)
		return
	}
	for _, s := range list {
		collect(ch, s)
	}
}

func collect(ch chan<- prometheus.Metric, s view.Stats) {
	who := []string{s.Pod.Namespace, s.Pod.Name, s.ContainerID, s.Network, s.IfName}
	readable := 1.0
	if s.Error != "" {
		readable = 0
	}
	ch <- prometheus.MustNewConstMetric(up, prometheus.GaugeValue, readable, append(who[:len(who):len(who)], s.Mark)...)
	for _, d := range s.Directions {
		for _, c := range d.Classes {
			labels := append(who[:len(who):len(who)], d.Direction, c.Class, strings.Join(c.Rules, ","))
			for _, m := range metrics {
				if v, ok := m.value(c.Counts); ok {
					ch <- prometheus.MustNewConstMetric(m.desc, m.typ, v, labels...)
				}
			}
			for cause, n := range map[string]uint64{"loss": c.Drops.Loss, "queue": c.Drops.Queue, "buffer": c.Drops.Buffer} {
				ch <- prometheus.MustNewConstMetric(drops, prometheus.CounterValue, float64(n), append(labels[:len(labels):len(labels)], cause)...)
			}
		}
		for _, r := range d.Rules {
			if r.Exact() {
				labels := append(who[:len(who):len(who)], d.Direction, r.Class, r.Rule, string(r.By))
				ch <- prometheus.MustNewConstMetric(ruleCame, prometheus.CounterValue, float64(r.Packets), labels...)
			}
		}
	}
}

// Write prints the metrics in Prometheus' text format.
func Write(w io.Writer, list []view.Stats) error {
	reg, err := registry(list)
	if err != nil {
		return err
	}
	families, err := reg.Gather()
	if err != nil {
		return err
	}
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(w, f); err != nil {
			return err
		}
	}
	return nil
}

// WriteFile writes the metrics to a file in one step: who reads it meanwhile, as
// node_exporter's textfile collector does, reads the old or the new ones.
func WriteFile(path string, list []view.Stats) error {
	reg, err := registry(list)
	if err != nil {
		return err
	}
	return prometheus.WriteToTextfile(path, reg)
}

func registry(list []view.Stats) (*prometheus.Registry, error) {
	reg := prometheus.NewPedanticRegistry()
	return reg, reg.Register(Collector{func() ([]view.Stats, error) { return list, nil }})
}
