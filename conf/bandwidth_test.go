// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestStaticBandwidth reads the keys of the reference bandwidth plugin.
func TestStaticBandwidth(t *testing.T) {
	const both = `"ingressRate":8000,"ingressBurst":80000,"egressRate":16000,"egressBurst":160000`
	const containerd = `"bandwidth":{"IngressRate":1000000,"IngressBurst":4294967295,"EgressRate":0,"EgressBurst":0}`
	const shaped = "egress rate 16kbit burst 20000b (conflist net)\ningress rate 8kbit burst 10000b (conflist net)"
	for _, c := range []struct{ name, keys, runtime, want string }{
		{"both", both, ``, shaped},
		{"no burst", `"egressRate":16000`, ``, "egress rate 16kbit (conflist net)\ningress -"},
		{"a burst that a runtime would not mean", `"egressRate":16000,"egressBurst":4294967296`, ``, "egress rate 16kbit burst 512mb (conflist net)\ningress -"},
		{"0 is none", `"ingressRate":0,"ingressBurst":0,"egressRate":16000,"egressBurst":160000`, ``, "egress rate 16kbit burst 20000b (conflist net)\ningress -"},
		{"case aside", `"EgressRate":16000,"EGRESSBURST":160000`, ``, "egress rate 16kbit burst 20000b (conflist net)\ningress -"},
		{"above the capability", both, containerd, shaped + "\ncapability bandwidth: is not used: conflist net gives the rates"},
		{"an empty capability", both, `"bandwidth":{"IngressRate":0}`, shaped},
		{"0 above the capability", `"ingressRate":0`, containerd, "egress -\ningress -\ncapability bandwidth: is not used: conflist net gives the rates"},
		{"not held to the policy", both + `,"policy":{"maxRate":"8bit","maxQueue":"1b"}`, ``, shaped},
		{"with a delay", `"egressRate":16000,"egress":"delay 5ms"`, ``, "egress rate 16kbit delay 5ms (conflist net) (conflist net)\ningress -"},
		{"with an annotation", `"egressRate":16000`, annotate("tcni.dev/egress", "delay 5ms"),
			"egress rate 16kbit delay 5ms (annotation tcni.dev/egress) (conflist net)\ningress -"},
		{"below an annotation's rate", `"egressRate":16000`, annotate("tcni.dev/egress", "rate 5mbit"), "egress rate 5mbit (annotation tcni.dev/egress)\ningress -"},
		{"onInvalid", `"egressRate":16000,"policy":{"onInvalid":"ignore"}`, annotate("tcni.dev/egress", "x"),
			"egress rate 16kbit (conflist net)\ningress -\n" + `annotation tcni.dev/egress: unknown word "x": want one of ` + strings.Join(paramWords(), ", ") + "; the container runs unshaped (policy.onInvalid is ignore)"},
	} {
		got, err := Parse(entry(c.keys, c.runtime), Env{IfName: "eth0"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if s := outcome(got); s != c.want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", c.name, s, c.want)
		}
	}
}

// TestSubnets looks at which remote networks a rate holds for.
func TestSubnets(t *testing.T) {
	for _, c := range []struct{ name, keys, runtime, want string }{
		{"unshaped", `"egressRate":16000,"unshapedSubnets":["10.1.2.3/8","2001:db8::/32"]`, ``,
			`{"rate":"16kbit","rules":[{"match":{"cidr":["10.0.0.0/8","2001:db8::/32"]}}]}`},
		{"shaped", `"egressRate":16000,"shapedSubnets":["10.0.0.0/8"]`, ``,
			`{"rules":[{"match":{"cidr":"10.0.0.0/8"},"rate":"16kbit"}]}`},
		{"shaped, with a delay and rules", `"egressRate":16000,"shapedSubnets":["10.0.0.0/8"],"egress":{"delay":"5ms","rules":[{"match":{"port":53}}]}`, ``,
			`{"delay":"5ms","rules":[{"match":{"port":53}},{"match":{"cidr":"10.0.0.0/8"},"rate":"16kbit","delay":"5ms"}]}`},
		{"shaped, in the place of the conflist's rate", `"shapedSubnets":["10.0.0.0/8"],"egress":"rate 1mbit buffer 64kb"`, `"bandwidth":{"egressRate":16000}`,
			`{"rules":[{"match":{"cidr":"10.0.0.0/8"},"rate":"16kbit","buffer":"64kb"}]}`},
		{"of the capability", ``, `"bandwidth":{"egressRate":16000,"unshapedSubnets":["10.0.0.0/8"]}`,
			`{"rate":"16kbit","rules":[{"match":{"cidr":"10.0.0.0/8"}}]}`},
		{"an administrator's for a pod's rate", `"unshapedSubnets":["10.0.0.0/8"]`, `"bandwidth":{"egressRate":16000,"shapedSubnets":["192.0.2.0/24"]}`,
			`{"rate":"16kbit","rules":[{"match":{"cidr":"10.0.0.0/8"}}]}`},
		{"empty", `"egressRate":16000,"unshapedSubnets":[],"shapedSubnets":null`, ``, `{"rate":"16kbit"}`},
		{"without a rate", `"unshapedSubnets":["10.0.0.0/8"]`, ``, `null`},
	} {
		got, err := Parse(entry(c.keys, c.runtime), Env{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		text, err := json.Marshal(got.Egress)
		if err != nil || string(text) != c.want {
			t.Errorf("%s:\ngot  %s, %v\nwant %s", c.name, text, err, c.want)
		}
	}
}

// TestNamedBandwidth: under the reference plugin's name, what that one passes
// over is no error.
func TestNamedBandwidth(t *testing.T) {
	stdin := []byte(`{"cniVersion":"1.0.0","name":"net","type":"bandwidth","egressRate":8000,"loglevel":"x"}`)
	got, err := Parse(stdin, Env{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "egress rate 8kbit (conflist net)\ningress -\nconflist net: loglevel: is not known and not used"
	if s := outcome(got); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
}

// TestExperimental: the measurement is read from a file, for every source.
func TestExperimental(t *testing.T) {
	const words = "delay 5ms 1ms distribution experimental slot distribution experimental 5ms 1ms"
	there := Env{Tables: func(name string) ([]byte, error) { return []byte("-8192 0 8192"), nil }}
	missing := Env{Tables: func(name string) ([]byte, error) { return nil, os.ErrNotExist }}
	want, err := ParseTable([]byte("-8192 0 8192"))
	if err != nil {
		t.Fatal(err)
	}
	for _, stdin := range []string{
		string(entry(`"egress":"`+words+`"`, "")),
		string(entry("", annotate("tcni.dev/egress", words))),
		string(entry(`"args":{"cni":{"tcni":{"egress":"`+words+`"}}}`, "")),
	} {
		got, err := Parse([]byte(stdin), there)
		if err != nil {
			t.Errorf("%s: %v", stdin, err)
			continue
		}
		n := got.Egress.Netem
		if n.Distribution.Table != want || n.Slot.Distribution.Table != want {
			t.Errorf("%s: no tables", stdin)
		}
		text, err := json.Marshal(got.Egress)
		if wantText := `{"delay":"5ms","jitter":"1ms","distribution":"experimental","slot":"distribution experimental 5ms 1ms"}`; err != nil || string(text) != wantText {
			t.Errorf("printed as %s, %v", text, err)
		}
		_, err = Parse([]byte(stdin), missing)
		const reason = "egress.distribution: experimental is a measurement that comes with iproute2: file does not exist"
		if got := strings.ReplaceAll(message(err), "tcni.dev/egress: ", "tcni.dev/egress: egress."); !strings.HasSuffix(got, reason) {
			t.Errorf("%s: %v", stdin, err)
		}
	}
}

func TestSystemTable(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TC_LIB_DIR", dir)
	if _, err := SystemTable("lan"); message(err) != "there is no lan.dist in "+dir {
		t.Errorf("got %v", err)
	}
	path := dir + "/lan.dist"
	if err := os.WriteFile(path, []byte("5"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lan", path} {
		if data, err := SystemTable(name); string(data) != "5" || err != nil {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
}

func TestTarget(t *testing.T) {
	got, err := Parse(entry(`"target":"eth0"`, annotate("tcni.dev/egress.eth0", "delay 5ms", "tcni.dev/egress.net1", "delay 6ms")), Env{IfName: "net1"})
	if err != nil || got.Target != "eth0" {
		t.Fatalf("%+v, %v", got, err)
	}
	if s := got.Egress.Words(); s != "delay 5ms" {
		t.Errorf("the annotation is %s, want that of the target", s)
	}
}

func TestDelegate(t *testing.T) {
	got, err := Parse(entry(`"delegate": {"type":"ptp", "ipam":{} } `, ""), Env{})
	if err != nil || string(got.Delegate) != `{"type":"ptp", "ipam":{} }` {
		t.Errorf("%s, %v", got.Delegate, err)
	}
}
