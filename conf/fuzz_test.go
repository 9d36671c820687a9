// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// FuzzWords: what reads prints, and reads back as the same.
func FuzzWords(f *testing.F) {
	for _, form := range forms {
		f.Add(form.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		imp, _, err := ParseWords(in)
		if err != nil {
			oneLine(t, err)
			return
		}
		again, warnings, err := ParseWords(imp.Words())
		if err != nil || again != imp {
			t.Fatalf("%q prints as %q, which reads as %+v, %v, %v", in, imp.Words(), again, warnings, err)
		}
	})
}

// FuzzDirection: the same for objects, in JSON and YAML.
func FuzzDirection(f *testing.F) {
	for _, form := range forms {
		f.Add(form.in)
		f.Add(form.object)
	}
	f.Add(`{"netem":"loss 1% 9%","rules":[{"name":"a","match":{"cidr":["10.0.0.0/8","::1"],"port":[1,"2-3"],"localPort":5,"protocol":"tcp","dscp":"ef"}},{}]}`)
	f.Add("delay: 5ms\nrules:\n- {match: {port: 80}, loss: 1%}\n")
	f.Add(`{"delay":"5ms","jitter":"1ms","distributionTable":[-1,0,32767],"distribution":"x"}`)
	f.Add(`{"delaySamples":["1ms","3ms","90ms"],"jitter":"1ms","rules":[{"delaySamples":["5ms"]}]}`)
	f.Add(`{"slot":{"min":"1ms","max":"2ms","packets":3},"loss":{"percent":"1%","burst":3.5}}`)
	f.Fuzz(func(t *testing.T, in string) {
		d, _, err := ParseDirection(in)
		if err != nil {
			oneLine(t, err)
			return
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatalf("%q does not print: %v", in, err)
		}
		var again Direction
		if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(&again, d) {
			t.Fatalf("%q prints as %s, which reads as %+v, %v", in, text, again, err)
		}
	})
}

// FuzzParse: nothing on stdin makes it fail but by an *Error, prevResult comes
// through, and DEL accepts what ADD does.
func FuzzParse(f *testing.F) {
	f.Add(entry(everySource, annotate("tcni.dev/egress", "delay 2ms", "tcni.dev/profile.eth0", "3g")))
	f.Add(entry(`"policy":{"onInvalid":"ignore","impairments":["loss"]},"prevResult":{"a":[1, 2]}`, annotate("tcni.dev/egress", "delay")))
	f.Add(entry(`"egress":{"rules":[{"match":{"port":[1,"2-3"]}}]},"placement":"host"`, `"bandwidth":{"ingressRate":8000,"egressBurst":5}`))
	f.Fuzz(func(t *testing.T, stdin []byte) {
		c, err := Parse(stdin, Env{IfName: "eth0"})
		id, idErr := ParseIdentity(stdin)
		if err != nil {
			oneLine(t, err)
			return
		}
		if idErr != nil || id.Name != c.Name || string(id.PrevResult) != string(c.PrevResult) {
			t.Fatalf("identity %+v, %v of %+v", id, idErr, c)
		}
		if c.PrevResult != nil && (!json.Valid(c.PrevResult) || !strings.Contains(string(stdin), string(c.PrevResult))) {
			t.Fatalf("prevResult became %s", c.PrevResult)
		}
	})
}

// FuzzArgs: nothing in CNI_ARGS that is not ours makes it fail.
func FuzzArgs(f *testing.F) {
	f.Add("IgnoreUnknown=1;K8S_POD_NAME=web;TCNI_EGRESS=delay 5ms;TCNI_EGRESS=delay 5ms;X=a=b;;")
	f.Add("TCNI_PROFILE=3g;TCNI_INGRESS={\"delay\":\"5ms\"};=;K8S_POD_UID")
	stdin := entry("", "")
	f.Fuzz(func(t *testing.T, args string) {
		_, err := Parse(stdin, Env{Args: args})
		if err == nil {
			return
		}
		oneLine(t, err)
		if !strings.Contains(args, argsPrefix) {
			t.Fatalf("%q: %v", args, err)
		}
	})
}

func oneLine(t *testing.T, err error) {
	t.Helper()
	if e := (*Error)(nil); !errors.As(err, &e) {
		t.Fatalf("%T is no *Error: %v", err, err)
	}
	if strings.ContainsAny(err.Error(), "\n\r\x00") {
		t.Fatalf("more than a line: %q", err)
	}
}
