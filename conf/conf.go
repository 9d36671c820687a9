// SPDX-License-Identifier: Apache-2.0

package conf

import "encoding/json"

// Conf is one configuration, read: what the plugin was asked to do.
type Conf struct {
	CNIVersion string
	Name       string // of the network
	Type       string // of the plugin

	// PrevResult holds the bytes that stood in stdin, a part of that slice;
	// nil where there are none. Decoding and encoding it would lose what the
	// result's version does not know.
	PrevResult json.RawMessage

	// Delegate is the configuration of the plugin that makes the interface,
	// where that is ours to call; nil where it is not. Its bytes are those of
	// stdin.
	Delegate json.RawMessage
	// Target is the interface to be shaped where that is not CNI_IFNAME; "".
	Target string

	Shape
	Classifier Classifier
	Policy     Policy
	Pod        Pod
	Sources    Sources
	Warnings   []string // each a line that names its source
}

// Env is what a configuration is read with beside stdin.
type Env struct {
	Args   string // CNI_ARGS
	IfName string // CNI_IFNAME; chooses between annotations

	// Tables returns the file of a distribution table, given the name after
	// "distribution" or the path in distributionTable. Only the conflist may
	// ask, but for the name experimental. nil: there are none, and experimental
	// is from SystemTable.
	Tables func(name string) ([]byte, error)

	// Profiles lists the profiles of ProfileDir. It is asked only for a name
	// that tcni does not give itself. nil: there are none.
	Profiles func() ([]Profile, error)
}

// Classifier says how packets are told apart.
type Classifier string

// The planner chooses unless it is told.
const (
	ClassifierAuto Classifier = ""
	ClassifierU32  Classifier = "u32"
	ClassifierBPF  Classifier = "bpf"
)

// Pod is who the container belongs to, as Kubernetes' runtimes say in
// CNI_ARGS; empty elsewhere.
type Pod struct {
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	UID       string `json:"uid,omitempty"`
}

// Sources says which source each direction came from, and its rate where the
// bandwidth capability set that; "" where a direction is left alone.
type Sources struct {
	Egress      string `json:"egress,omitempty"`
	EgressRate  string `json:"egressRate,omitempty"`
	Ingress     string `json:"ingress,omitempty"`
	IngressRate string `json:"ingressRate,omitempty"`
}
