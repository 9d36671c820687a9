// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"encoding/json"
	"fmt"
	"strconv"

	"tcni.dev/conf"
)

// encode is the record as a line of JSON. Indenting it for the eye takes longer
// than all the rest of an ADD with a thousand rules.
func (rec Record) encode() ([]byte, error) {
	rec.Version = recordVersion
	data, err := rec.appendJSON()
	if err != nil {
		return nil, fmt.Errorf("%w of %v: %w", ErrRecord, rec.Identity, err)
	}
	return append(data, '\n'), nil
}

// appendJSON prints the record as package json would, without its look at all
// types on first use: that took longer than reading the configuration, planning
// and encoding together. What ADD never writes is left to package json.
func (rec Record) appendJSON() ([]byte, error) {
	if rec.Override != nil || rec.Companion {
		return json.Marshal(rec)
	}
	var o object
	o.number("version", int64(rec.Version))
	o.text("network", rec.Network)
	o.text("containerID", rec.ContainerID)
	o.text("ifName", rec.IfName)
	o.text("netns", rec.Netns)
	if rec.Pod != (conf.Pod{}) {
		o.object("pod", func(pod *object) {
			pod.some("namespace", rec.Pod.Namespace)
			pod.some("name", rec.Pod.Name)
			pod.some("uid", rec.Pod.UID)
		})
	}
	o.some("hostLink", rec.HostLink)
	o.text("placement", string(rec.Placement))
	if rec.Exempt {
		o.raw("exemptNode", "true")
	}
	o.direction("egress", rec.Egress)
	o.direction("ingress", rec.Ingress)
	if s := rec.Sources; s != (conf.Sources{}) {
		o.object("sources", func(sources *object) {
			sources.some("egress", s.Egress)
			sources.some("egressRate", s.EgressRate)
			sources.some("ingress", s.Ingress)
			sources.some("ingressRate", s.IngressRate)
		})
	}
	if rec.MaxQueue != 0 {
		o.number("maxQueue", int64(rec.MaxQueue))
	}
	o.some("classifier", string(rec.Classifier))
	if len(rec.Addrs) > 0 {
		o.value("addrs", rec.Addrs)
	}
	return o.end()
}

// object is a JSON object being printed.
type object struct {
	b   []byte
	err error
}

func (o *object) key(key string) {
	if len(o.b) == 0 {
		o.b = append(o.b, '{')
	} else {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, '"'), key...), `":`...)
}

func (o *object) raw(key, value string) { o.key(key); o.b = append(o.b, value...) }

func (o *object) number(key string, v int64) { o.key(key); o.b = strconv.AppendInt(o.b, v, 10) }

// some is text, but for a string that is empty.
func (o *object) some(key, s string) {
	if s != "" {
		o.text(key, s)
	}
}

func (o *object) text(key, s string) {
	for _, c := range []byte(s) {
		if c < ' ' || c == '"' || c == '\\' || c > '~' {
			o.value(key, s)
			return
		}
	}
	o.key(key)
	o.b = append(append(append(o.b, '"'), s...), '"')
}

// value leaves the printing to package json.
func (o *object) value(key string, v any) {
	data, err := json.Marshal(v)
	if err != nil && o.err == nil {
		o.err = fmt.Errorf("%s: %w", key, err)
	}
	o.raw(key, string(data))
}

func (o *object) direction(key string, d *conf.Direction) {
	if d == nil {
		return
	}
	o.key(key)
	o.b = d.AppendJSON(o.b)
}

func (o *object) object(key string, fill func(*object)) {
	var inner object
	fill(&inner)
	data, err := inner.end()
	if err != nil && o.err == nil {
		o.err = err
	}
	o.key(key)
	o.b = append(o.b, data...)
}

func (o *object) end() ([]byte, error) { return append(o.b, '}'), o.err }
