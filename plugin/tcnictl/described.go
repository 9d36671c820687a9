// SPDX-License-Identifier: Apache-2.0

package main

import (
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/view"
)

// lookAt says what else to look at.
type lookAt struct{ trees, unshaped bool }

// described looks at what is meant, several attachments at a time.
func (p *process) described(s *attach.Selection, names []string, also lookAt) ([]view.Attachment, error) {
	h, err := attach.OpenHost()
	if err != nil {
		return nil, err
	}
	defer h.Close()
	list, err := p.chooseOn(h, s, names, also.unshaped)
	if err != nil {
		return nil, err
	}
	out := make([]view.Attachment, len(list))
	attach.Each(len(list), func(i int) { out[i] = attach.Describe(h, list[i], p.now(), also.trees) })
	return out, nil
}

// mayLook is the error of having looked at what only root may look at.
func mayLook(views []view.Attachment) error {
	for _, v := range views {
		if v.State == view.Unknown {
			return deniedError(v.Name + ": " + v.Why)
		}
	}
	return nil
}
