// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// bzImage makes one with two setup sectors and a payload 16 bytes after them.
func bzImage(payload string) []byte {
	b := make([]byte, 3*512+16, 4096)
	b[0x1f1] = 2
	copy(b[0x202:], "HdrS")
	binary.LittleEndian.PutUint32(b[0x248:], 16)
	binary.LittleEndian.PutUint32(b[0x24c:], uint32(len(payload)+4))
	b = append(b, payload...)
	return append(b, 1, 2, 3, 4) // the length that follows the payload
}

func TestImagePayload(t *testing.T) {
	whole := bzImage("kernel")
	tests := []struct {
		name  string
		image []byte
		want  string
		err   string
	}{
		{"bzImage", whole, "kernel", ""},
		{"short", whole[:len(whole)-5], "", "bzImage with a payload outside the file"},
		{"other", bytes.Repeat([]byte("x"), 4096), "", "not a bzImage"},
		{"empty", nil, "", "not a bzImage"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := imagePayload(tt.image)
			if msg := errorText(err); msg != tt.err {
				t.Fatalf("error is %q, want %q", msg, tt.err)
			}
			if string(got) != tt.want {
				t.Errorf("payload is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDecompressor(t *testing.T) {
	if tool, err := decompressor([]byte("\x28\xb5\x2f\xfd....")); err != nil || tool != "zstd" {
		t.Errorf("got %q, %v; want zstd", tool, err)
	}
	if _, err := decompressor([]byte("MZ")); err == nil {
		t.Error("no error for an unknown compression")
	}
}
