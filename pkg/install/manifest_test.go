// SPDX-License-Identifier: Apache-2.0

package install

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// The parts of the manifests that this package has to do with.
type (
	kustomization struct {
		Resources []string
		Images    []struct{ Name, NewName, NewTag string }
	}
	manifest struct {
		Kind     string
		Metadata struct{ Name, Namespace string }
		Spec     struct{ Template struct{ Spec podSpec } }

		AutomountServiceAccountToken *bool
	}
	podSpec struct {
		ServiceAccountName           string
		AutomountServiceAccountToken *bool
		HostNetwork                  bool
		Containers                   []container
		Volumes                      []struct {
			Name     string
			HostPath struct{ Path string }
		}
	}
	container struct {
		Image        string
		Args         []string
		VolumeMounts []struct{ Name, MountPath string }
	}
)

var manifests = filepath.Join("..", "..", "conf", "examples", "kubernetes")

func readYAML(t *testing.T, name string, to any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(manifests, name))
	if err == nil {
		err = yaml.Unmarshal(data, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestManifests(t *testing.T) {
	var k kustomization
	readYAML(t, "kustomization.yaml", &k)
	files, err := filepath.Glob(filepath.Join(manifests, "*.yaml"))
	if err != nil || len(files) != 1+len(k.Resources) {
		t.Errorf("%d resources of %d files, %v", len(k.Resources), len(files), err)
	}
	byKind := map[string]manifest{}
	for _, name := range k.Resources {
		var m manifest
		readYAML(t, name, &m)
		byKind[m.Kind] = m
		if where := m.Metadata.Namespace + m.Metadata.Name; m.Kind != "Namespace" && where != "tcnitcni" {
			t.Errorf("%s is %s/%s", name, m.Metadata.Namespace, m.Metadata.Name)
		}
	}
	spec := byKind["DaemonSet"].Spec.Template.Spec
	account := byKind["ServiceAccount"]
	if account.Metadata.Name != spec.ServiceAccountName || !isFalse(account.AutomountServiceAccountToken) || !isFalse(spec.AutomountServiceAccountToken) {
		t.Error("the pod has a token of the API")
	}
	if len(spec.Containers) != 1 || spec.Containers[0].Image != k.Images[0].Name {
		t.Fatalf("containers are %+v", spec.Containers)
	}
	if d := cmp.Diff([]string{"install", "--watch"}, spec.Containers[0].Args); d != "" {
		t.Error(d)
	}
	testMounts(t, spec)
}

func isFalse(b *bool) bool { return b != nil && !*b }

// testMounts: the verb is called without paths, so that those in the container are the defaults.
func testMounts(t *testing.T, spec podSpec) {
	t.Helper()
	var mounts, hostPaths []string
	for i, m := range spec.Containers[0].VolumeMounts {
		mounts = append(mounts, m.MountPath)
		if v := spec.Volumes[i]; v.Name == m.Name {
			hostPaths = append(hostPaths, v.HostPath.Path)
		}
	}
	want := []string{DefaultBinDir, DefaultConfDir}
	if !slices.Equal(mounts, want) || !slices.Equal(hostPaths, want) {
		t.Errorf("mounts are %v of %v, want %v", mounts, hostPaths, want)
	}
}

// TestContainerfile: the image is the one that the kustomization names, and the plugin lies beside the executable that installs it (Options.Source).
func TestContainerfile(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(manifests, "Containerfile"))
	if err != nil {
		t.Fatal(err)
	}
	var k kustomization
	readYAML(t, "kustomization.yaml", &k)
	image := k.Images[0].NewName + ":" + k.Images[0].NewTag
	if k.Images[0].NewTag == "latest" {
		t.Error("a kubelet asks the registry for the image at every start")
	}
	for _, want := range []string{" -t " + image + " ", "\nFROM scratch\n", "\nCOPY bin/tcni bin/tcnictl /\n", "\nENTRYPOINT [\"/tcnictl\"]\n"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("lacks %q", want)
		}
	}
}
