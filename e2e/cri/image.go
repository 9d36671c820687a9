// SPDX-License-Identifier: Apache-2.0

package cri

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime"
)

// pauseImage is a docker-archive (what `docker save` writes) of one layer, which holds the program
// as /pause, under the name sandboxImage. Equal programs give equal images.
func pauseImage(program []byte) ([]byte, error) {
	layer, err := tarball(file{"pause", 0o755, program})
	if err != nil {
		return nil, fmt.Errorf("image %s: %w", sandboxImage, err)
	}
	type object = map[string]any
	diff := sha256.Sum256(layer)
	config, err := json.Marshal(object{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": object{"Entrypoint": []string{"/pause"}},
		"rootfs": object{"type": "layers", "diff_ids": []string{"sha256:" + hex.EncodeToString(diff[:])}},
	})
	if err != nil {
		return nil, fmt.Errorf("image %s: %w", sandboxImage, err)
	}
	manifest, err := json.Marshal([]object{{
		"Config": "config.json", "RepoTags": []string{sandboxImage}, "Layers": []string{"layer.tar"},
	}})
	if err != nil {
		return nil, fmt.Errorf("image %s: %w", sandboxImage, err)
	}
	return tarball(file{"config.json", 0o644, config}, file{"layer.tar", 0o644, layer},
		file{"manifest.json", 0o644, manifest})
}

type file struct {
	name string
	mode int64
	data []byte
}

func tarball(files ...file) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: f.mode, Size: int64(len(f.data))}
		if err := w.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
