// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"
)

// Adopt records an attachment that nobody shaped, so that a session can be
// opened on it. One that has a record keeps it.
func (r Records) Adopt(k Known) error {
	if _, err := r.Read(k.Mark); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	p, err := find(k.Record.Identity, k.Record.Netns)
	if err != nil {
		return err
	}
	defer p.close()
	rec := k.Record
	if p.peer != nil {
		rec.HostLink = p.peer.Name
	}
	data, err := rec.encode()
	if err != nil {
		return err
	}
	tmp := r.ownTmp(k.Mark)
	fd, err := r.put(k.Mark, tmp, data, unix.RENAME_NOREPLACE)
	if err == nil {
		return unix.Close(fd)
	}
	r.discard(tmp)
	if errors.Is(err, fs.ErrExist) { // since we looked
		return nil
	}
	return fmt.Errorf("%w: %w", ErrRecord, err)
}

// Abandon takes back what Adopt recorded, where nothing is laid upon it. What
// another command holds is left to it.
func (r Records) Abandon(k Known) error {
	l, err := r.tryLock(k.Mark)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrBusy) {
		return nil
	}
	if err != nil {
		return err
	}
	defer l.release()
	rec, err := r.Read(k.Mark)
	if err != nil || !rec.idle() {
		return err
	}
	return l.forget(rec)
}

// idle tells that the companion has recorded the attachment, and asks nothing of
// it any more.
func (r Record) idle() bool { return r.Companion && r.Override == nil }
