// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

const (
	bandwidthSource = "capability bandwidth"
	// bandwidthType is the name under which the plugin stands in for the
	// reference bandwidth plugin, which passes over keys that it does not know.
	bandwidthType = "bandwidth"
)

// bandwidth is what the capability of that name holds (CNI's CONVENTIONS.md),
// and what the reference bandwidth plugin takes in its own configuration: rates
// in bit/s and bursts in bits, 0 for none, and the remote networks that the
// rates are for, or not for.
type bandwidth struct {
	ingressRate, ingressBurst, egressRate, egressBurst uint64
	shaped, unshaped                                   []netip.Prefix
}

// bandwidthKeys are matched without case: each runtime spells them its own way.
var bandwidthKeys = [...]struct {
	key string
	at  func(*bandwidth) any
}{
	{"ingressRate", func(b *bandwidth) any { return &b.ingressRate }},
	{"ingressBurst", func(b *bandwidth) any { return &b.ingressBurst }},
	{"egressRate", func(b *bandwidth) any { return &b.egressRate }},
	{"egressBurst", func(b *bandwidth) any { return &b.egressBurst }},
	{"shapedSubnets", func(b *bandwidth) any { return &b.shaped }},
	{"unshapedSubnets", func(b *bandwidth) any { return &b.unshaped }},
}

func bandwidthKey(key string) int {
	for i := range bandwidthKeys {
		if strings.EqualFold(bandwidthKeys[i].key, key) {
			return i
		}
	}
	return -1
}

// capability reads the bandwidth capability, whose own name some spell
// differently too (bandWidth).
func (r *reader) capability(runtimeConfig value) (b bandwidth, err error) {
	if !runtimeConfig.present() || runtimeConfig[0] != '{' {
		return b, nil
	}
	for key, v := range runtimeConfig.members() {
		if !strings.EqualFold(key, "bandwidth") || !v.present() {
			continue
		}
		if v[0] != '{' {
			return b, r.errorf("want an object, got %s", v.what())
		}
		for key, v := range v.members() {
			i := bandwidthKey(key)
			if i < 0 && v.present() {
				r.warnf("%q is not known and not used", key)
			}
			if i < 0 {
				continue
			}
			if err := r.bandwidthValue(&b, i, v); err != nil {
				return b, err
			}
		}
	}
	return b, r.checkSubnets(&b)
}

func (r *reader) bandwidthValue(b *bandwidth, i int, v value) error {
	return r.in(bandwidthKeys[i].key, func() (err error) {
		switch at := bandwidthKeys[i].at(b).(type) {
		case *uint64:
			*at, err = bits(v)
		case *[]netip.Prefix:
			*at, err = r.subnets(v)
		}
		return err
	})
}

func bits(v value) (uint64, error) {
	if !v.present() {
		return 0, nil
	}
	n, err := strconv.ParseUint(string(v), 10, 64)
	switch {
	case err == nil:
		return n, nil
	case !v.isNumber():
		return 0, fmt.Errorf("want a number, got %s", v.what())
	}
	return 0, fmt.Errorf("%s is outside 0..18446744073709551615, in whole bits", v)
}
