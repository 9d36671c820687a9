// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"crypto/rand"
	"encoding/json"
	"net/netip"
	"slices"
	"time"

	"tcni.dev/conf"
)

// Override is a shape that stands in the installed one's place. Overrides that
// end by themselves lie upon each other: each knows what it stands upon.
type Override struct {
	ID      string          `json:"id"`
	By      Author          `json:"by"`
	Since   time.Time       `json:"since"`
	Until   time.Time       `json:"until,omitzero"` // zero: until it is taken back
	Label   string          `json:"label,omitempty"`
	Egress  *conf.Direction `json:"egress,omitempty"`
	Ingress *conf.Direction `json:"ingress,omitempty"`
	Below   *Override       `json:"below,omitempty"` // nil: the installed shape
}

// Author is who made an override.
type Author string

// The authors. What a player made ends when the player does.
const (
	BySet  Author = "set"
	ByPlay Author = "play"
)

// Edit turns a shape into another one. It must not change what its argument
// points to.
type Edit func(conf.Shape) (conf.Shape, error)

// Installed is the shape that ADD asked for.
func (r Record) Installed() conf.Shape {
	return conf.Shape{Egress: r.Egress, Ingress: r.Ingress, Placement: r.Placement, ExemptNode: r.Exempt}
}

// Shape is what is to be in force: the topmost override, or what is installed.
func (r Record) Shape() conf.Shape { return r.shapeOf(r.Override) }

func (r Record) shapeOf(o *Override) conf.Shape {
	s := r.Installed()
	if o != nil {
		s.Egress, s.Ingress = o.Egress, o.Ingress
	}
	return s
}

// played tells whether what is in force is a player's.
func (r Record) played() bool { return r.Override != nil && r.Override.By == ByPlay }

// Overrides lists the overrides, the topmost first.
func (r Record) Overrides() (out []*Override) {
	for o := r.Override; o != nil; o = o.Below {
		out = append(out, o)
	}
	return out
}

// edited applies an edit for good: to what is below all that ends by itself,
// and to what lies upon it, so that it holds now and then.
func (r Record) edited(edit Edit, now time.Time) (Record, error) {
	layers := r.Overrides()
	if n := len(layers); n == 0 || layers[n-1].ends() {
		layers = append(layers, r.newOverride(BySet, now, r.Installed()))
	}
	var below *Override
	for _, o := range slices.Backward(layers) {
		s, err := edit(r.shapeOf(o))
		if err != nil {
			return r, err
		}
		changed := *o
		changed.Egress, changed.Ingress, changed.Below = s.Egress, s.Ingress, below
		below = &changed
	}
	r.Override = below
	return r, nil
}

// pushed lays an override upon what is there.
func (r Record) pushed(edit Edit, by Author, now, until time.Time) (Record, error) {
	s, err := edit(r.Shape())
	if err != nil {
		return r, err
	}
	o := r.newOverride(by, now, s)
	o.Until, o.Below = until, r.Override
	r.Override = o
	return r, nil
}

// without takes the overrides that drop names out of the pile.
func (r Record) without(drop func(*Override) bool) Record {
	var below *Override
	for _, o := range slices.Backward(r.Overrides()) {
		if !drop(o) {
			kept := *o
			kept.Below = below
			below = &kept
		}
	}
	r.Override = below
	return r
}

func (r Record) newOverride(by Author, now time.Time, s conf.Shape) *Override {
	return &Override{ID: rand.Text(), By: by, Since: now.UTC(), Egress: s.Egress, Ingress: s.Ingress}
}

// ends tells whether the override goes by itself.
func (o *Override) ends() bool { return o.By == ByPlay || !o.Until.IsZero() }

// Due tells whether the override should have gone by now.
func (o *Override) Due(now time.Time) bool { return !o.Until.IsZero() && !now.Before(o.Until) }

// attachment is the record as ADD would be called for the shape.
func (r Record) attachment(s conf.Shape) Attachment {
	c := &conf.Conf{Name: r.Network, Shape: s, Classifier: r.Classifier, Policy: conf.DefaultPolicy(), Pod: r.Pod}
	if r.MaxQueue != 0 {
		c.Policy.MaxQueue = r.MaxQueue
	}
	if s.ExemptNode {
		c.PrevResult = resultOf(r.Addrs)
	}
	return Attachment{Identity: r.Identity, Netns: r.Netns, Conf: c}
}

// resultOf is a result that tells the addresses, for podPrefixes.
func resultOf(addrs []netip.Prefix) json.RawMessage {
	type ip struct {
		Address netip.Prefix `json:"address"`
	}
	ips := []ip{}
	for _, a := range addrs {
		ips = append(ips, ip{a})
	}
	data, _ := json.Marshal(map[string]any{"ips": ips}) // prefixes always print
	return data
}
