// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"strings"
)

// readOthers reads every source but the conflist, chooses, and completes the
// shape. The order of the steps is the precedence.
func (p *parser) readOthers() error {
	for _, read := range [...]func(*parser, *layer) error{
		(*parser).readAnnotations, (*parser).readArgsCNI, (*parser).readCNIArgs,
	} {
		var l layer
		if err := read(p, &l); err != nil {
			return err
		}
		p.layers = append(p.layers, l)
	}
	if err := p.readProfile(); err != nil {
		return err
	}
	p.choose()
	if err := p.applyBandwidth(); err != nil {
		return err
	}
	return p.holdRates()
}

// choose takes each direction, as a whole, from the most specific source that
// gives it.
func (p *parser) choose() {
	c := p.conf
	p.free.egress, p.free.ingress = true, true
	for _, l := range append(p.layers, p.conflist) {
		if c.Sources.Egress == "" && l.egress.value != nil {
			c.Egress, c.Sources.Egress, p.free.egress = l.egress.value, l.egress.source, l.free
		}
		if c.Sources.Ingress == "" && l.ingress.value != nil {
			c.Ingress, c.Sources.Ingress, p.free.ingress = l.ingress.value, l.ingress.source, l.free
		}
	}
}

// readText reads a direction from an annotation or CNI_ARGS and holds it to
// the policy.
func (p *parser) readText(to *asked[*Direction], source, text string) error {
	r := p.reader(source)
	d, err := r.text(text)
	if err == nil {
		err = r.bound(&p.conf.Policy, d)
	}
	p.collect(r)
	*to = asked[*Direction]{source, d}
	return err
}

// readProfileName reads the name of a profile from an annotation or CNI_ARGS.
func (p *parser) readProfileName(to *asked[string], source, text string) error {
	name := strings.TrimSpace(text)
	*to = asked[string]{source, name}
	_, err := p.env.findProfile(name)
	return p.reader(source).wrap(err)
}

// skip tells whether the policy turns a source off, and warns if it had
// something to say.
func (p *parser) skip(on bool, source, key string) bool {
	if !on {
		p.conf.Warnings = append(p.conf.Warnings, line(source, fmt.Sprintf("is not read: policy.%s of %s is false", key, p.conflistName())))
	}
	return !on
}

// readArgsCNI reads {"args":{"cni":{"tcni":{…}}}}, what Multus makes of a
// pod's cni-args. Other plugins' keys stand beside ours.
func (p *parser) readArgsCNI(l *layer) error {
	const source = "args.cni"
	v := member(member(p.top.args, "cni"), "tcni")
	if !v.present() || p.skip(p.conf.Policy.Args, source, "args") {
		return nil
	}
	r := p.reader(source)
	defer p.collect(r)
	return r.in("tcni", func() error {
		var egress, ingress, profile value
		known := map[string]*value{"egress": &egress, "ingress": &ingress, "profile": &profile}
		err := r.object(v, layerKeys, func(key string, v value) (bool, error) {
			to, ok := known[key]
			if ok {
				*to = v
			}
			return ok, nil
		})
		if err != nil {
			return err
		}
		if err := r.layer(l, egress, ingress, profile); err != nil {
			return err
		}
		return r.boundLayer(&p.conf.Policy, l)
	})
}

func layerKeys() []string { return []string{"egress", "ingress", "profile"} }

func (r *reader) boundLayer(p *Policy, l *layer) error {
	for _, d := range [...]struct {
		key string
		d   *Direction
	}{{"egress", l.egress.value}, {"ingress", l.ingress.value}} {
		if d.d == nil {
			continue
		}
		if err := r.in(d.key, func() error { return r.bound(p, d.d) }); err != nil {
			return err
		}
	}
	return nil
}

// member returns what stands under a key of an object, nil where there is no
// such thing.
func member(v value, key string) value {
	if len(v) == 0 || v[0] != '{' {
		return nil
	}
	var found value
	for k, m := range v.members() {
		if k == key {
			found = m
		}
	}
	return found
}
