// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"syscall"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/delegate"
	"tcni.dev/pkg/protocol"
	"tcni.dev/pkg/tc"
)

// Error codes of our own, above the specification's (CNI SPEC, "Error"). They
// are listed in README.md.
const (
	codeKernel   = 100 // the kernel or iptables refused something, or lacks it
	codeForeign  = 101 // somebody else's qdisc or filter is in the place
	codeMismatch = 102 // CHECK: the network is not what was asked for
)

// coded gives the errors of a verb the codes of the CNI specification.
func coded(verb func(*protocol.Args) error) func(*protocol.Args) error {
	return func(args *protocol.Args) error {
		err := verb(args)
		if err == nil {
			return nil
		}
		code, details := codeOf(err)
		return types.NewError(code, err.Error(), details)
	}
}

// codeOf returns the code and the details of an error.
func codeOf(err error) (uint, string) {
	var (
		invalid  *conf.Error
		mismatch *attach.MismatchError
		foreign  *tc.ForeignError
		known    *types.Error
		called   *delegate.Error
		errno    syscall.Errno
	)
	switch {
	case errors.As(err, &known):
		return known.Code, known.Details
	case errors.As(err, &invalid), errors.Is(err, attach.ErrShape):
		return types.ErrInvalidNetworkConfig, ""
	case errors.Is(err, attach.ErrNetns):
		return types.ErrInvalidNetNS, ""
	case errors.Is(err, attach.ErrNoInterface):
		return types.ErrInvalidEnvironmentVariables, ""
	case errors.Is(err, attach.ErrRecord):
		return types.ErrIOFailure, ""
	case errors.Is(err, attach.ErrAddresses):
		return types.ErrDecodingFailure, ""
	case errors.Is(err, attach.ErrExempt):
		return codeKernel, ""
	case errors.As(err, &mismatch):
		return codeMismatch, mismatch.Details()
	case errors.As(err, &foreign):
		return codeForeign, ""
	case errors.As(err, &called):
		return called.Code, called.Details
	case errors.As(err, &errno):
		return codeKernel, ""
	}
	return types.ErrInternal, ""
}
