// SPDX-License-Identifier: Apache-2.0

package protocol

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/containernetworking/cni/pkg/types"
	"golang.org/x/sys/unix"

	"tcni.dev/internal/nsid"
)

// Args is what comes with a verb.
type Args struct {
	ContainerID string // CNI_CONTAINERID; [a-zA-Z0-9][a-zA-Z0-9_.-]*
	Netns       string // CNI_NETNS, a path; "" where DEL has none any more
	IfName      string // CNI_IFNAME; at most 15 bytes
	Args        string // CNI_ARGS, as they are
	Path        string // CNI_PATH
	StdinData   []byte // a JSON object with a name and a version that is supported
}

// param is a parameter in the environment.
type param struct {
	name  string
	verbs string // that need it
	at    func(*Args) *string
	check func(string) *types.Error // nil: anything goes
}

// params are in the order in which they are looked at.
var params = [...]param{
	{"CNI_CONTAINERID", "ADD CHECK DEL", func(a *Args) *string { return &a.ContainerID }, checkContainerID},
	{"CNI_NETNS", "ADD CHECK", func(a *Args) *string { return &a.Netns }, nil},
	{"CNI_IFNAME", "ADD CHECK DEL", func(a *Args) *string { return &a.IfName }, checkIfName},
	{"CNI_ARGS", "", func(a *Args) *string { return &a.Args }, nil},
	{"CNI_PATH", "ADD CHECK DEL GC STATUS", func(a *Args) *string { return &a.Path }, nil},
}

func (p param) neededBy(verb string) bool {
	for v := range strings.FieldsSeq(p.verbs) {
		if v == verb {
			return true
		}
	}
	return false
}

// readArgs reads the parameters of a verb.
func readArgs(verb string, getenv func(string) string) (a *Args, err *types.Error) {
	a = &Args{}
	var missing []string
	for _, p := range params {
		value := getenv(p.name)
		*p.at(a) = value
		switch {
		case !p.neededBy(verb):
		case value == "":
			missing = append(missing, p.name)
		case p.check != nil:
			if err := p.check(value); err != nil {
				return nil, err
			}
		}
	}
	if len(missing) > 0 {
		return nil, types.NewError(types.ErrInvalidEnvironmentVariables, "required env variables ["+strings.Join(missing, ",")+"] missing", "")
	}
	return a, nil
}

func checkContainerID(id string) *types.Error {
	if !isName(id) {
		return types.NewError(types.ErrInvalidEnvironmentVariables, "invalid characters in containerID", id)
	}
	return nil
}

// isName tells whether s is [a-zA-Z0-9][a-zA-Z0-9_.-]*, as names of networks and
// of containers are (CNI SPEC 1.1.0).
func isName(s string) bool {
	for i, c := range []byte(s) {
		alnum := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if !alnum && (i == 0 || c != '_' && c != '.' && c != '-') {
			return false
		}
	}
	return s != ""
}

// checkIfName holds a name to what the kernel takes (dev_valid_name in
// net/core/dev.c).
func checkIfName(name string) *types.Error {
	bad := func(r rune) bool { return r == '/' || r == ':' || unicode.IsSpace(r) }
	wrong := ""
	switch {
	case len(name) >= unix.IFNAMSIZ:
		return types.NewError(types.ErrInvalidEnvironmentVariables, "interface name is too long", "interface name should be less than 16 characters")
	case name == "." || name == "..":
		wrong = "interface name is . or .."
	case strings.ContainsFunc(name, bad):
		wrong = "interface name contains / or : or whitespace characters"
	default:
		return nil
	}
	return types.NewError(types.ErrInvalidEnvironmentVariables, wrong, "")
}

// CheckNetns refuses the network namespace that the plugin itself runs in. A path
// that leads nowhere is for others to refuse.
func (a *Args) CheckNetns() error {
	if own, err := nsid.IsOwn(a.Netns); err == nil && own {
		return types.NewError(types.ErrInvalidNetNS, fmt.Sprintf("network namespace: %s is the host's own", a.Netns), "")
	}
	return nil
}
