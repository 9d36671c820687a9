// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"

	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

// RecordDir is where records are kept. It is on a tmpfs: records end with the
// boot, as the kernel's objects do.
const RecordDir = "/run/tcni"

// recordVersion tells readers what the fields mean.
const recordVersion = 1

// Record is what ADD leaves for people and for the companion.
type Record struct {
	Version int `json:"version"`
	Identity
	Netns     string          `json:"netns"`
	Pod       conf.Pod        `json:"pod,omitzero"`
	HostLink  string          `json:"hostLink,omitempty"`
	Placement conf.Placement  `json:"placement"`
	Exempt    bool            `json:"exemptNode,omitempty"`
	Egress    *conf.Direction `json:"egress,omitempty"`
	Ingress   *conf.Direction `json:"ingress,omitempty"`
	Sources   conf.Sources    `json:"sources,omitzero"`

	// What else the plan of the shape depends on.
	MaxQueue   tc.Size         `json:"maxQueue,omitempty"`
	Classifier conf.Classifier `json:"classifier,omitempty"`
	Addrs      []netip.Prefix  `json:"addrs,omitempty"` // the container's, where Exempt

	// Companion says that ADD asked for nothing: the companion made the record,
	// and takes it away with what it has laid upon it.
	Companion bool `json:"companion,omitempty"`

	Override *Override `json:"override,omitempty"` // in the installed shape's place; nil: none
}

// ErrRecord says that the record could not be written or removed.
var ErrRecord = errors.New("record")

// Records is a directory of records.
type Records struct{ Dir string }

// A record is written under one name and then takes its place under the other.
// All names follow from the mark, so that DEL finds what was left without a look
// at the files of all others.
const (
	recordExt = ".json"
	tmpExt    = ".tmp" // ADD's: no runtime calls two for one attachment at a time
	workExt   = ".d"   // a directory, where sessions have their files while they need some
)

func (r Records) path(m Mark, ext string) string { return filepath.Join(r.Dir, string(m)+ext) }

// ownTmp is a name that no other writer has.
func (r Records) ownTmp(m Mark) string { return filepath.Join(r.path(m, workExt), rand.Text()+tmpExt) }

// Write puts ADD's record in place, whatever is there. It is locked until fd is
// closed.
func (r Records) Write(rec Record) (fd int, err error) {
	data, err := rec.encode()
	if err != nil {
		return -1, err
	}
	fd, err = r.put(rec.Mark(), r.path(rec.Mark(), tmpExt), data, 0)
	if err != nil {
		return -1, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	return fd, nil
}

// Read returns the record of an attachment; fs.ErrNotExist where there is none.
func (r Records) Read(m Mark) (rec Record, err error) {
	path := r.path(m, recordExt)
	data, err := readFile(path)
	if err != nil {
		return rec, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if err := json.Unmarshal(data, &rec); err != nil {
		return rec, fmt.Errorf("%w %s: %w", ErrRecord, path, err)
	}
	return r.withStage(rec), nil
}

// exempts tells whether ADD has exempted the node, which the configuration may
// say no more. It reads nothing else of the record.
func (r Records) exempts(m Mark) bool {
	var rec struct {
		Exempt bool `json:"exemptNode"`
	}
	data, err := readFile(r.path(m, recordExt))
	return err == nil && json.Unmarshal(data, &rec) == nil && rec.Exempt
}
