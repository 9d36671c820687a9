// SPDX-License-Identifier: Apache-2.0

package cri

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

func TestConfig(t *testing.T) {
	text, err := dirs{Base: "/x/cri", Bin: "/x/bin"}.config()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`root = "/x/cri/root"`, `state = "/x/cri/state"`, `address = "/x/cri/containerd.sock"`,
		`conf_dir = "/x/cri/net.d"`, `bin_dir = "/x/bin"`, `sandbox_image = "tcni.dev/pause:e2e"`,
		`restrict_oom_score_adj = true`, `snapshotter = "native"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("configuration lacks %s:\n%s", want, text)
		}
	}
}

func TestPauseImage(t *testing.T) {
	image, err := pauseImage([]byte("program"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := pauseImage([]byte("program"))
	if err != nil || !bytes.Equal(image, again) {
		t.Errorf("a second image differs (%v)", err)
	}
	files := untar(t, image)
	var manifest []struct {
		Config           string
		RepoTags, Layers []string
	}
	if err := json.Unmarshal(files["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest) != 1 || manifest[0].RepoTags[0] != sandboxImage || files[manifest[0].Config] == nil {
		t.Errorf("manifest is %s", files["manifest.json"])
	}
	if got := untar(t, files[manifest[0].Layers[0]])["pause"]; string(got) != "program" {
		t.Errorf("/pause is %q", got)
	}
}

func untar(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(b)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNetnsOf(t *testing.T) {
	got, err := netnsOf(`{"runtimeSpec":{"linux":{"namespaces":[{"type":"pid"},{"type":"network","path":"/n"}]}}}`)
	if err != nil || got != "/n" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := netnsOf(`{}`); err == nil {
		t.Error("no namespace is no error")
	}
}

// TestDaemonThatEnds has a daemon that refuses its arguments.
func TestDaemonThatEnds(t *testing.T) {
	l := labtest.New(t, lab.Options{Bin: t.TempDir()})
	_, err := Start(t.Context(), l, Options{Containerd: "false"})
	if err == nil || !strings.Contains(err.Error(), "not ready") {
		t.Errorf("error is %v, want one that says so", err)
	}
}
