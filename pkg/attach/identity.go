// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"tcni.dev/pkg/plan"
)

// Identity says which interface of which container in which network.
type Identity struct {
	Network     string `json:"network"`
	ContainerID string `json:"containerID"`
	IfName      string `json:"ifName"`
}

// String names the attachment for people.
func (id Identity) String() string {
	return "network " + id.Network + ", container " + id.ContainerID + ", interface " + id.IfName
}

// Mark is an identity in short: "tcni-", eight characters of the network, "-",
// sixteen of the container and interface. It is the alternative name of the
// attachment's link on the host.
type Mark string

const (
	prefix      = plan.IFBPrefix
	networkLen  = 8
	instanceLen = 16
	markLen     = len(prefix) + 1 + networkLen + 1 + instanceLen
)

// Mark returns the identity's mark.
func (id Identity) Mark() Mark {
	return Mark(markPrefix(id.Network) + digest(instanceLen, id.ContainerID, id.IfName))
}

// SameInterface tells whether two marks are of one interface of one container,
// in whatever networks.
func (m Mark) SameInterface(o Mark) bool { return m.ofInterface() == o.ofInterface() }

// ofInterface is the mark's end, which tells the interface of the container.
func (m Mark) ofInterface() Mark { return m[len(m)-instanceLen:] }

// markPrefix is what the marks of all attachments of a network begin with.
func markPrefix(network string) string { return prefix + "-" + digest(networkLen, network) + "-" }

// IFB is the name of the attachment's IFB: 15 characters, the most that a link's
// name can have (IFNAMSIZ).
func (m Mark) IFB() string {
	network := m[len(prefix)+1:]
	instance := network[networkLen+1:]
	return prefix + string(network[:4]) + string(instance[:7])
}

// ifbPrefix is what the names of all IFBs of a network begin with.
func ifbPrefix(network string) string { return prefix + digest(networkLen, network)[:4] }

// onClsact marks a link whose clsact qdisc was made by us.
func (m Mark) onClsact() string { return string(m) + "-clsact" }

// onNoQueue marks a link whose queue length was 0. The kernel takes that for a
// mistake when it makes a qdisc there, and corrects it to 1000 (qdisc_create in
// net/sched/sch_api.c).
func (m Mark) onNoQueue() string { return string(m) + "-noqueue" }

// markOf returns the mark in a name that begins with one.
func markOf(name string) (Mark, bool) {
	if len(name) < markLen || !strings.HasPrefix(name, prefix+"-") {
		return "", false
	}
	return Mark(name[:markLen]), true
}

// digest returns n characters of a hash of the words.
func digest(n int, words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return strings.ToLower(base32.HexEncoding.EncodeToString(sum[:])[:n])
}
