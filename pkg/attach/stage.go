// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"slices"
)

// stageExt is of a file beside the record that tells what is played right now,
// as the override that it is. A player changes it many times a second: it is
// written in place by one system call, where the record is a new file each time.
const stageExt = ".playing"

// stage is such a file, open for its player.
type stage struct {
	file *os.File
	line []byte // what it tells
}

// stageLine is an override as the file has it: a checksum, for who reads while
// it is written, JSON, and the end of the line. What is behind is of before.
func stageLine(o Override) ([]byte, error) {
	o.Below = nil
	data, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(data), data), nil
}

func parseStageLine(data []byte) (o Override, ok bool) {
	data, _, ok = bytes.Cut(data, []byte("\n"))
	sum, data, spaced := bytes.Cut(data, []byte(" "))
	if !ok || !spaced || fmt.Sprintf("%08x", crc32.ChecksumIEEE(data)) != string(sum) {
		return o, false
	}
	return o, json.Unmarshal(data, &o) == nil
}

// stageTries bounds how often a file is read that is being written.
const stageTries = 10

// withStage puts what is played into the record's topmost override, if that is
// the player's.
func (r Records) withStage(rec Record) Record {
	if !rec.played() {
		return rec
	}
	for range stageTries {
		data, err := os.ReadFile(r.path(rec.Mark(), stageExt))
		if err != nil {
			return rec
		}
		if o, ok := parseStageLine(data); ok {
			if o.ID == rec.Override.ID {
				o.Below = rec.Override.Below
				rec.Override = &o
			}
			return rec
		}
	}
	return rec
}

// tell writes a line. Nil is nothing to tell.
func (s *stage) tell(line []byte) error {
	if _, err := s.file.WriteAt(line, 0); err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	s.line = line
	return nil
}

func (s *stage) close() {
	if s != nil {
		s.file.Close()
	}
}

// enterStage opens the file, with what the override is.
func (s *Session) enterStage() error {
	if s.stage != nil {
		return nil
	}
	line, err := stageLine(*s.rec.Override)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(s.lock.records.path(s.lock.mark, stageExt), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%v: %w", s.rec.Identity, ErrGone)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	s.stage = &stage{file: f}
	return s.stage.tell(line)
}

// leaveStage takes the file away, also one that a killed player left, once
// nothing of a player's is recorded.
func (s *Session) leaveStage() {
	if slices.ContainsFunc(s.rec.Overrides(), func(o *Override) bool { return o.By == ByPlay }) {
		return
	}
	s.stage.close()
	s.stage = nil
	_ = os.Remove(s.lock.records.path(s.lock.mark, stageExt)) // nothing asks for it any more
}
