// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// extractImage takes the uncompressed kernel out of a bzImage. qemu boots it
// by its PVH entry (CONFIG_PVH), and the guest, which is emulated, need not
// decompress it: 3.6 s of a boot of 5.8.
func extractImage(ctx context.Context, bzImage, image string) error {
	b, err := os.ReadFile(bzImage)
	if err != nil {
		return err
	}
	payload, err := imagePayload(b)
	if err != nil {
		return fmt.Errorf("%s: %w", bzImage, err)
	}
	tool, err := decompressor(payload)
	if err != nil {
		return fmt.Errorf("%s: %w", bzImage, err)
	}
	return decompress(ctx, tool, payload, image)
}

// imagePayload returns the compressed kernel in a bzImage, by the fields
// setup_sects (0x1f1), payload_offset (0x248) and payload_length (0x24c) of
// Documentation/arch/x86/boot.rst; boot protocol 2.08 or later. The payload
// ends in four bytes that are the length of what it decompresses to.
func imagePayload(b []byte) ([]byte, error) {
	if len(b) < 0x250 || string(b[0x202:0x206]) != "HdrS" {
		return nil, errors.New("not a bzImage")
	}
	sectors := int(b[0x1f1])
	if sectors == 0 {
		sectors = 4
	}
	start := (sectors+1)*512 + int(binary.LittleEndian.Uint32(b[0x248:]))
	end := start + int(binary.LittleEndian.Uint32(b[0x24c:])) - 4
	if start >= end || end > len(b) {
		return nil, errors.New("bzImage with a payload outside the file")
	}
	return b[start:end], nil
}

// Compressions of kernels and modules: their first bytes, and the tool that
// undoes them.
var compressions = []struct{ magic, tool string }{
	{"\xfd7zXZ\x00", "xz"},
	{"\x28\xb5\x2f\xfd", "zstd"},
	{"\x1f\x8b", "gzip"},
}

func decompressor(data []byte) (string, error) {
	for _, c := range compressions {
		if bytes.HasPrefix(data, []byte(c.magic)) {
			return c.tool, nil
		}
	}
	return "", fmt.Errorf("unknown compression: starts with % x", data[:min(8, len(data))])
}

// decompress writes what data decompresses to into a file.
func decompress(ctx context.Context, tool string, data []byte, file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, tool, "-dc")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(data), f, &stderr
	if err := cmd.Run(); err != nil {
		return toolError(cmd, err, stderr.Bytes())
	}
	return f.Close()
}
