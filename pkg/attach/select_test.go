// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"strings"
	"testing"

	"tcni.dev/conf"
)

func TestSelect(t *testing.T) {
	known := func(ns, pod, id, network, ifname string) Known {
		r := Record{Identity: Identity{network, id, ifname}, Pod: conf.Pod{Namespace: ns, Name: pod}}
		return Known{Mark: r.Mark(), Record: r}
	}
	list := []Known{
		known("default", "web", "aaaa1111", "net", "eth0"),
		known("default", "web", "aaaa1111", "other", "net1"),
		known("default", "web-2", "aabb2222", "net", "eth0"),
		known("prod", "web", "cccc3333", "net", "eth0"),
		known("", "", "dddd4444", "net", "eth0"),
	}
	for _, c := range []struct {
		name string
		s    Selection
		want string
		err  error
	}{
		{"all", Selection{}, "default/web:eth0 default/web:net1 default/web-2:eth0 prod/web:eth0 dddd4444:eth0", nil},
		{"pod", Selection{Names: []string{"default/web"}}, "default/web:eth0 default/web:net1", nil},
		{"pod and interface", Selection{Names: []string{"default/web:net1"}}, "default/web:net1", nil},
		{"two of a name", Selection{Names: []string{"web"}}, "", ErrAmbiguous},
		{"in a namespace", Selection{Names: []string{"web"}, Namespace: "prod"}, "prod/web:eth0", nil},
		{"id", Selection{Names: []string{"aaaa"}}, "default/web:eth0 default/web:net1", nil},
		{"id of several", Selection{Names: []string{"aa"}}, "", ErrAmbiguous},
		{"glob", Selection{Names: []string{"*/web"}}, "default/web:eth0 default/web:net1 prod/web:eth0", nil},
		{"glob of a pod", Selection{Names: []string{"web*"}, IfName: "eth0"}, "default/web:eth0 default/web-2:eth0 prod/web:eth0", nil},
		{"mark", Selection{Names: []string{string(list[3].Mark)}}, "prod/web:eth0", nil},
		{"two names", Selection{Names: []string{"dddd", "default/web-2"}}, "default/web-2:eth0 dddd4444:eth0", nil},
		{"network", Selection{Network: "other"}, "default/web:net1", nil},
		{"nobody", Selection{Names: []string{"default/db"}}, "", ErrNotFound},
	} {
		found, err := c.s.Select(list)
		var got []string
		for _, k := range found {
			got = append(got, k.String())
		}
		if strings.Join(got, " ") != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: got %v, %v", c.name, got, err)
		}
	}
}
