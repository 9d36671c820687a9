// SPDX-License-Identifier: Apache-2.0

package demo

import "time"

// Names of the containers and of the network.
const (
	shop    = "shop"
	plain   = "plain"
	network = "demo"
)

// conflist is what a node has in /etc/cni/net.d, to the byte.
const conflist = `{"cniVersion": "1.0.0", "name": "` + network + `", "plugins": [
  {"type": "ptp", "ipam": {"type": "host-local", "subnet": "10.88.0.0/24",
                           "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "tcni", "capabilities": {"io.kubernetes.cri.pod-annotations": true}}
]}`

// Asked is what one direction of a path shall be. The zero value is untouched.
type Asked struct {
	// Delay and Jitter one way, in ns; the jitter is uniform.
	Delay  time.Duration `json:"delay"`
	Jitter time.Duration `json:"jitter"`
	// Loss is a probability, 0..1.
	Loss float64 `json:"loss"`
	// Rate in bits per second, of Ethernet frames without checksum; 0 is no limit.
	Rate float64 `json:"rate"`
}

// Annotation of a pod; the value may have several lines.
type Annotation struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Path from a container to a service, and what is asked of it.
type Path struct {
	Container string `json:"container"`
	Service   string `json:"service"`
	Egress    Asked  `json:"askedEgress"`
	Ingress   Asked  `json:"askedIngress"`
	// OneWay leaves the ingress unmeasured, but for its part of the round trip.
	OneWay bool `json:"oneWay,omitempty"`
}

// Case is one set of annotations of the shop.
type Case struct {
	Name        string       `json:"name"`
	Title       string       `json:"-"`
	Annotations []Annotation `json:"annotations,omitempty"`
	Paths       []Path       `json:"-"`
}

const ms = time.Millisecond

// bystander is the path of the container without annotations.
var bystander = Path{Container: plain, Service: "payments", OneWay: true}

// story is what is shown, in order. What is asked stands here a second time
// beside the words that ask for it, so that tcni's own reading of them is
// measured too.
var story = []Case{
	{
		Name: "clean", Title: "Two containers on this chain, no annotations",
		Paths: []Path{{Container: shop, Service: "payments"}},
	},
	{
		Name: "egress", Title: "One direction: what leaves the shop",
		Annotations: []Annotation{{"tcni.dev/egress", "delay 40ms 5ms loss 1% rate 20mbit"}},
		Paths: []Path{
			{Container: shop, Service: "payments", Egress: Asked{Delay: 40 * ms, Jitter: 5 * ms, Loss: 0.01, Rate: 20e6}},
			bystander,
		},
	},
	{
		Name: "both", Title: "Both directions, each its own",
		Annotations: []Annotation{
			{"tcni.dev/egress", "delay 20ms rate 10mbit"},
			{"tcni.dev/ingress", "delay 60ms loss 3% rate 20mbit"},
		},
		Paths: []Path{
			{
				Container: shop, Service: "payments",
				Egress:  Asked{Delay: 20 * ms, Rate: 10e6},
				Ingress: Asked{Delay: 60 * ms, Loss: 0.03, Rate: 20e6},
			},
			bystander,
		},
	},
	{
		Name: "one", Title: "One destination: 100 ms to payments, nothing to catalogue",
		Annotations: []Annotation{{"tcni.dev/egress", "rules:\n- match: {cidr: 10.0.5.0/24}\n  delay: 100ms"}},
		Paths: []Path{
			{Container: shop, Service: "payments", Egress: Asked{Delay: 100 * ms}, OneWay: true},
			{Container: shop, Service: "catalogue", OneWay: true},
		},
	},
}

// misspelt is what a user gets wrong.
var misspelt = Annotation{"tcni.dev/egress", "dealy 100ms"}
