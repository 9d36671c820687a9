// SPDX-License-Identifier: Apache-2.0

package conf

import "errors"

// parser is one run of Parse.
type parser struct {
	env  Env
	top  top
	conf *Conf

	layers   []layer // most specific first
	conflist layer
	static   *bandwidth // of the conflist; nil: it has none

	free struct{ egress, ingress bool } // the direction is the administrator's, or nobody's
}

// Parse reads the plugin's configuration from stdin and what came with it. A
// wrong value is an *Error. Where policy.onInvalid is "ignore", one that the
// conflist did not give becomes a warning and the container is left unshaped.
func Parse(stdin []byte, env Env) (*Conf, error) {
	p := &parser{env: env, conf: &Conf{Policy: DefaultPolicy()}}
	p.conf.Placement = PlaceAuto
	if err := p.readTop(stdin); err != nil {
		return nil, err
	}
	if err := p.readConflist(); err != nil {
		return nil, err
	}
	p.readPod()
	if err := p.readOthers(); err != nil {
		if p.conf.Policy.OnInvalid != OnInvalidIgnore {
			return nil, err
		}
		p.ignore(err)
	}
	p.conf.Egress, p.conf.Ingress = orNil(p.conf.Egress), orNil(p.conf.Ingress)
	return p.conf, nil
}

// orNil returns nil for a direction that does nothing, so that nothing is made
// for it.
func orNil(d *Direction) *Direction {
	if !d.Shapes() {
		return nil
	}
	return d
}

// reader returns a reader of a source that may name no files.
func (p *parser) reader(source string) *reader {
	return &reader{source: source, experimental: p.env.Tables, profile: p.env.findProfile}
}

// collect takes over the warnings of a source that was read.
func (p *parser) collect(r *reader) { p.conf.Warnings = append(p.conf.Warnings, r.warnings...) }

func (p *parser) readTop(stdin []byte) error {
	v, err := parseTop(stdin)
	if err != nil {
		return err
	}
	id, err := identify(v)
	if err != nil {
		return err
	}
	c := p.conf
	c.CNIVersion, c.Name, c.Type, c.PrevResult = id.CNIVersion, id.Name, id.Type, id.PrevResult
	r := p.reader(p.conflistName())
	defer p.collect(r)
	return r.object(v, topKeyNames, func(key string, v value) (bool, error) {
		known := p.top.set(key, v)
		if !known && c.Type == bandwidthType {
			r.warnf("is not known and not used")
			known = true
		}
		return known, nil
	})
}

// ignore leaves the container unshaped because of a bad value that is not the
// administrator's. What the bandwidth capability asks for is another request,
// and holds; and so does policy.maxRate.
func (p *parser) ignore(err error) {
	c := p.conf
	c.Warnings = append(c.Warnings, err.Error()+"; the container runs unshaped (policy.onInvalid is ignore)")
	c.Egress, c.Ingress, c.Sources = &Direction{}, &Direction{}, Sources{}
	p.free.egress, p.free.ingress = false, false
	var bad *Error
	if !errors.As(err, &bad) || bad.Source != bandwidthSource {
		if err := p.applyBandwidth(); err != nil {
			c.Warnings = append(c.Warnings, err.Error())
		}
	}
	if err := p.holdRates(); err != nil {
		c.Warnings = append(c.Warnings, err.Error())
	}
}
