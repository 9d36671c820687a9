// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"iter"
	"strings"

	"tcni.dev/internal/suggest"
)

// argsPrefix begins the names in CNI_ARGS that are ours.
const argsPrefix = "TCNI_"

// cniArgs yields the pairs of CNI_ARGS, "K=V;K2=V2". Runtimes and tools in
// between put values with = there, repeat keys and shuffle them
// (types.LoadArgs fails on the first of these), so a pair ends at its
// semicolon and a key at its first =.
func cniArgs(args string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for pair := range strings.SplitSeq(args, ";") {
			key, value, _ := strings.Cut(pair, "=")
			if !yield(strings.TrimSpace(key), value) {
				return
			}
		}
	}
}

// readPod reads whose container it is.
func (p *parser) readPod() {
	for key, value := range cniArgs(p.env.Args) {
		switch key {
		case "K8S_POD_NAMESPACE":
			p.conf.Pod.Namespace = value
		case "K8S_POD_NAME":
			p.conf.Pod.Name = value
		case "K8S_POD_UID":
			p.conf.Pod.UID = value
		}
	}
}

// readCNIArgs reads TCNI_EGRESS, TCNI_INGRESS and TCNI_PROFILE.
func (p *parser) readCNIArgs(l *layer) error {
	var ours [3]struct {
		value string
		given bool
	}
	names := [...]string{"TCNI_EGRESS", "TCNI_INGRESS", "TCNI_PROFILE"}
	for key, value := range cniArgs(p.env.Args) {
		if !strings.HasPrefix(key, argsPrefix) {
			continue
		}
		source := "CNI_ARGS " + key
		if p.skip(p.conf.Policy.Args, source, "args") {
			return nil
		}
		i := 0
		for i < len(names) && names[i] != key {
			i++
		}
		if i == len(names) {
			return p.reader("CNI_ARGS").wrap(suggest.Unknown("key", key, names[:]))
		}
		if ours[i].given && ours[i].value != value { // the order is not to be relied on
			return p.reader(source).wrap(errors.New("is given twice, with different values"))
		}
		ours[i].value, ours[i].given = value, true
	}
	for i, name := range names {
		if !ours[i].given {
			continue
		}
		if err := p.readArg(l, name, ours[i].value); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) readArg(l *layer, name, value string) error {
	source := "CNI_ARGS " + name
	switch name {
	case "TCNI_EGRESS":
		return p.readText(&l.egress, source, value)
	case "TCNI_INGRESS":
		return p.readText(&l.ingress, source, value)
	}
	return p.readProfileName(&l.profile, source, value)
}
