// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
)

// The file of a player's override tells what is played right now, as the override
// that it is. A player changes it many times a second: it is written in place by
// one system call, where the record is a new file each time.

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
		data, err := os.ReadFile(r.keeperPath(rec.Mark(), rec.Override.ID))
		if err != nil {
			return rec
		}
		if o, ok := parseStageLine(data); ok {
			o.Below = rec.Override.Below
			rec.Override = &o
			return rec
		}
	}
	return rec
}

// tell writes a line.
func (k *keeper) tell(line []byte) error {
	if _, err := k.file.WriteAt(line, 0); err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	k.line = line
	return nil
}
