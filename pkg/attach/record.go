// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

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
// Both follow from the mark, so that DEL finds what a killed ADD left.
const (
	recordExt = ".json"
	tmpExt    = ".tmp"
)

func (r Records) path(m Mark, ext string) string { return filepath.Join(r.Dir, string(m)+ext) }

// Write puts the record in place in one step (rename(2)).
func (r Records) Write(rec Record) error {
	data, err := rec.encode()
	if err != nil {
		return err
	}
	// The last DEL of others takes the directory away at any moment.
	for range writeTries {
		err = r.put(rec.Mark(), data)
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	return nil
}

// writeTries is far more often than the directory can go away meanwhile.
const writeTries = 100

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

// Remove takes the attachment's files away, and the directory with the last of
// them; what is not there is no error.
func (r Records) Remove(m Mark) error {
	for _, ext := range []string{tmpExt, stageExt, recordExt} {
		if err := os.Remove(r.path(m, ext)); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ENOTDIR) {
			return fmt.Errorf("%w: %w", ErrRecord, err)
		}
	}
	_ = unix.Rmdir(r.Dir) // fails, as it should, while another attachment's record is there
	return nil
}

// Marks returns the marks that the directory's files have, records and what a
// killed ADD left of one.
func (r Records) Marks() ([]Mark, error) {
	entries, err := os.ReadDir(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	var marks []Mark
	for _, e := range entries {
		if m, ok := markOf(e.Name()); ok {
			marks = append(marks, m)
		}
	}
	return marks, nil
}
