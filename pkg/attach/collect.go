// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"strings"

	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// Collect removes every attachment of the network that is not among valid: by
// the marks on the host's links, by the names of IFBs, by the records.
func Collect(network string, valid []Identity, exempt bool, records Records) error {
	keep := map[Mark]bool{}
	keepIFB := map[string]bool{}
	for _, id := range valid {
		keep[id.Mark()], keepIFB[id.Mark().IFB()] = true, true
	}
	c, err := rtnl.Open("")
	if err != nil {
		return err
	}
	defer c.Close()
	links, err := c.Links()
	if err != nil {
		return err
	}
	found, err := records.Marks()
	if err != nil {
		return err
	}
	for m := range marks(links) {
		found = append(found, m)
	}
	var errs []error
	for _, m := range found {
		if strings.HasPrefix(string(m), markPrefix(network)) && !keep[m] {
			errs = append(errs, removeRecorded(m, exempt, records))
			keep[m] = true // done
		}
	}
	return errors.Join(append(errs, strayIFBs(c, network, links, keepIFB))...)
}

// removeRecorded removes an attachment that is known by its mark; what else
// there is to know is in the record, if there is one.
func removeRecorded(m Mark, exempt bool, records Records) error {
	rec, err := records.Read(m)
	if err != nil {
		rec = Record{}
	}
	return remove(m, rec.IfName, rec.Netns, exempt || rec.Exempt, records)
}

// strayIFBs removes IFBs of the network that lead nowhere any more.
func strayIFBs(c *rtnl.Conn, network string, links []rtnl.Link, keep map[string]bool) error {
	batch := c.Batch()
	for _, l := range links {
		if l.Kind == "ifb" && strings.HasPrefix(l.Name, ifbPrefix(network)) && !keep[l.Name] {
			batch.Apply(l.Device(), []tc.Op{{Verb: tc.Delete, Object: tc.Link{Kind: "ifb"}}})
		}
	}
	return passOver(batch.Run())
}
