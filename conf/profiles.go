// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"slices"

	"tcni.dev/internal/suggest"
)

// Profile is a named link, seen from the container: Egress is its uplink,
// Ingress its downlink, both in the string form.
type Profile struct {
	Name    string
	Title   string
	Egress  string
	Ingress string
	Source  string // where the figures are from
}

// Profiles lists the profiles in the order of README.md.
func Profiles() []Profile { return slices.Clone(profiles[:]) }

func profileByName(name string) *Profile {
	for i := range profiles {
		if profiles[i].Name == name {
			return &profiles[i]
		}
	}
	return nil
}

// findProfile finds the profile of a name, and says where it looked for one that
// is not there.
func (e Env) findProfile(name string) (*Profile, error) {
	if p := profileByName(name); p != nil {
		return p, nil
	}
	if name == "" {
		return nil, errors.New("is empty: want the name of a profile")
	}
	list, where := Profiles(), ""
	if e.Profiles != nil {
		own, err := e.Profiles()
		if err != nil {
			return nil, fmt.Errorf("%q is not tcni's own: %w", name, err)
		}
		for i := range own {
			if own[i].Name == name {
				return &own[i], nil
			}
		}
		if len(own) > 0 {
			where = fmt.Sprintf(", %d of them in %s", len(own), ProfileDir)
		}
		list = append(list, own...)
	}
	return nil, fmt.Errorf("%w (tcnictl profiles lists them%s)", suggest.Unknown("profile", name, namesOf(list)), where)
}

func namesOf(list []Profile) (out []string) {
	for _, p := range list {
		out = append(out, p.Name)
	}
	return out
}

// readProfile adds a layer with both directions of the profile that the most
// specific source names. The policy bounds it unless that is the conflist.
func (p *parser) readProfile() error {
	name := p.conflist.profile.value
	free := name != ""
	for _, l := range slices.Backward(p.layers) {
		if l.profile.value != "" {
			name, free = l.profile.value, false
		}
	}
	if name == "" {
		return nil
	}
	r := p.reader("profile " + name)
	profile, err := p.env.findProfile(name)
	if err != nil {
		return r.wrap(err)
	}
	defer p.collect(r)
	l := layer{free: free, egress: asked[*Direction]{r.source, &Direction{}}, ingress: asked[*Direction]{r.source, &Direction{}}}
	if err := r.words(&l.egress.value.Impairment, profile.Egress); err != nil {
		return err
	}
	if err := r.words(&l.ingress.value.Impairment, profile.Ingress); err != nil {
		return err
	}
	p.layers = append(p.layers, l)
	if free {
		p.warnUnused(name)
		return nil
	}
	return r.boundLayer(&p.conf.Policy, &l)
}

// warnUnused says that a profile of the conflist stands above its directions.
func (p *parser) warnUnused(name string) {
	warn := func(key string, given bool) {
		if given {
			p.conf.Warnings = append(p.conf.Warnings, line(p.conflistName(), key, "is not used: profile "+name+" gives it"))
		}
	}
	warn("egress", p.top.egress.present())
	warn("ingress", p.top.ingress.present())
}
