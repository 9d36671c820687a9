// SPDX-License-Identifier: Apache-2.0

package conf

import "fmt"

// asked is one value and who gave it.
type asked[T any] struct {
	source string
	value  T
}

// layer is what one source asks for.
type layer struct {
	egress, ingress asked[*Direction]
	profile         asked[string]
	free            bool // the administrator's, whom the policy does not bound
}

// layer reads the three keys that every object source has.
func (r *reader) layer(l *layer, egress, ingress, profile value) error {
	for _, d := range [...]struct {
		key string
		v   value
		to  *asked[*Direction]
	}{{"egress", egress, &l.egress}, {"ingress", ingress, &l.ingress}} {
		if !d.v.present() {
			continue
		}
		err := r.in(d.key, func() (err error) {
			*d.to = asked[*Direction]{source: r.source}
			d.to.value, err = r.direction(d.v)
			return err
		})
		if err != nil {
			return err
		}
	}
	if !profile.present() {
		return nil
	}
	return r.in("profile", func() error {
		name, ok := profile.text()
		if !ok {
			return fmt.Errorf("want a string, got %s", profile.what())
		}
		l.profile = asked[string]{r.source, name}
		_, err := r.profile(name)
		return err
	})
}
