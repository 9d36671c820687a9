// SPDX-License-Identifier: Apache-2.0

package conf

func (p *parser) conflistName() string {
	if p.conf.Name == "" {
		return "conflist"
	}
	return "conflist " + p.conf.Name
}

// readConflist reads the administrator's own keys.
func (p *parser) readConflist() error {
	r := p.reader(p.conflistName())
	r.tables = p.env.Tables
	defer p.collect(r)
	steps := [...]struct {
		key  string
		v    value
		read func(value) error
	}{
		{"policy", p.top.policy, func(v value) error { return r.policy(&p.conf.Policy, v) }},
		{"placement", p.top.placement, func(v value) error {
			s, err := oneOf(v, string(PlaceAuto), string(PlaceContainer), string(PlaceHost))
			p.conf.Placement = Placement(s)
			return err
		}},
		{"exemptNode", p.top.exempt, func(v value) error { return scalar(&p.conf.ExemptNode, bounds{}, v) }},
		{"delegate", p.top.delegate, p.readDelegate},
		{"target", p.top.target, p.readTarget},
		{"classifier", p.top.classifier, func(v value) error {
			s, err := oneOf(v, "auto", string(ClassifierU32), string(ClassifierBPF))
			if s != "auto" {
				p.conf.Classifier = Classifier(s)
			}
			return err
		}},
	}
	for _, s := range steps {
		if s.v.present() {
			if err := r.in(s.key, func() error { return s.read(s.v) }); err != nil {
				return err
			}
		}
	}
	p.conflist.free = true
	if err := r.layer(&p.conflist, p.top.egress, p.top.ingress, p.top.profile); err != nil {
		return err
	}
	return p.readStatic(r)
}
