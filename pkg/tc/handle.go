// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strconv"
	"strings"
)

// Handle names a qdisc ("7c00:") or a class ("7c00:2"): a 16-bit major number
// and a 16-bit minor number, both written in hexadecimal (tc(8), HANDLES; the
// kernel's TC_H_MAKE in include/uapi/linux/pkt_sched.h).
type Handle uint32

// The handles with a meaning of their own, from include/uapi/linux/pkt_sched.h.
const (
	HandleNone    Handle = 0
	HandleRoot    Handle = 0xffffffff // TC_H_ROOT: a device's egress
	HandleClsact  Handle = 0xfffffff1 // TC_H_CLSACT, TC_H_INGRESS: parent of the ingress and clsact qdiscs
	HandleIngress Handle = 0xfffffff2 // TC_H_MIN_INGRESS: parent of a filter on clsact's ingress
	HandleEgress  Handle = 0xfffffff3 // TC_H_MIN_EGRESS: parent of a filter on clsact's egress
	IngressMajor  uint16 = 0xffff     // the fixed handle ffff: of ingress and clsact
)

// MakeHandle joins a major and a minor number.
func MakeHandle(major, minor uint16) Handle { return Handle(major)<<16 | Handle(minor) }

// Major returns the number of the qdisc.
func (h Handle) Major() uint16 { return uint16(h >> 16) }

// Minor returns the number of the class within its qdisc; 0 is the qdisc itself.
func (h Handle) Minor() uint16 { return uint16(h) }

var handleNames = map[Handle]string{
	HandleNone: "none", HandleRoot: "root", HandleClsact: "clsact", HandleIngress: "ffff:fff2", HandleEgress: "ffff:fff3",
}

// String prints the handle as tc(8) does.
func (h Handle) String() string {
	if name, ok := handleNames[h]; ok {
		return name
	}
	b := append(strconv.AppendUint(make([]byte, 0, len("ffff:ffff")), uint64(h.Major()), 16), ':')
	if h.Minor() != 0 {
		b = strconv.AppendUint(b, uint64(h.Minor()), 16)
	}
	return string(b)
}

// ParseHandle reads "root", "none", "clsact", "ingress", "MAJ:" or "MAJ:MIN",
// the numbers in hexadecimal.
func ParseHandle(s string) (Handle, error) {
	for h, name := range handleNames {
		if s == name {
			return h, nil
		}
	}
	if s == "ingress" {
		return HandleIngress, nil
	}
	major, minor, ok := strings.Cut(s, ":")
	if !ok || major == "" {
		return 0, fmt.Errorf("handle %q: want MAJOR: or MAJOR:MINOR in hexadecimal", s)
	}
	ma, err := strconv.ParseUint(major, 16, 16)
	if err != nil {
		return 0, fmt.Errorf("handle %q: %q is outside 0..ffff", s, major)
	}
	if minor == "" {
		return MakeHandle(uint16(ma), 0), nil
	}
	mi, err := strconv.ParseUint(minor, 16, 16)
	if err != nil {
		return 0, fmt.Errorf("handle %q: %q is outside 0..ffff", s, minor)
	}
	return MakeHandle(uint16(ma), uint16(mi)), nil
}
