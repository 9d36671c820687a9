// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"tcni.dev/e2e/lab"
)

// manifests is the DaemonSet's directory, from the repository's root.
const manifests = "conf/examples/kubernetes"

// podSpec is what a kubelet reads of the DaemonSet's pod, as far as podman can do the same.
type podSpec struct {
	HostNetwork bool
	Containers  []struct {
		Name, Image     string
		Args            []string
		Resources       struct{ Limits struct{ Memory string } }
		SecurityContext struct {
			RunAsUser                *int
			ReadOnlyRootFilesystem   bool
			AllowPrivilegeEscalation *bool
			Capabilities             struct{ Drop []string }
		}
		VolumeMounts []struct{ MountPath string }
	}
	Volumes []struct{ HostPath struct{ Path string } }
}

// readManifests builds the kustomization as kubectl apply -k does, holds every object to its kind,
// and returns the DaemonSet's pod.
func (n *node) readManifests() podSpec {
	t := n.t
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", manifests))
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.Node.Output(t.Context(), filepath.Join(n.clients, "manifests"), dir)
	if err != nil {
		t.Fatal(err)
	}
	var objects []struct {
		Kind string
		Spec struct {
			Template struct{ Spec podSpec }
		}
	}
	if err := json.Unmarshal([]byte(out), &objects); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	var spec podSpec
	for _, o := range objects {
		kinds = append(kinds, o.Kind)
		if o.Kind == "DaemonSet" {
			spec = o.Spec.Template.Spec
		}
	}
	if got := strings.Join(kinds, " "); got != "Namespace ServiceAccount DaemonSet" || len(spec.Containers) != 1 {
		t.Fatalf("the kustomization has %s, with %d containers", got, len(spec.Containers))
	}
	return spec
}

// podman is what stands after podman run to do what a kubelet does with the pod, with directories of
// this node in the place of those that every node has.
func (s podSpec) podman(dirs map[string]string) []string {
	c := s.Containers[0]
	sc := c.SecurityContext
	argv := []string{"--name=" + c.Name, "--memory=" + strings.TrimSuffix(c.Resources.Limits.Memory, "i")}
	for _, f := range []struct {
		flag string
		is   bool
	}{
		{"--network=host", s.HostNetwork},
		{"--read-only", sc.ReadOnlyRootFilesystem},
		{"--security-opt=no-new-privileges", sc.AllowPrivilegeEscalation != nil && !*sc.AllowPrivilegeEscalation},
	} {
		if f.is {
			argv = append(argv, f.flag)
		}
	}
	if sc.RunAsUser != nil {
		argv = append(argv, fmt.Sprintf("--user=%d", *sc.RunAsUser))
	}
	for _, name := range sc.Capabilities.Drop {
		argv = append(argv, "--cap-drop="+name)
	}
	for i, m := range c.VolumeMounts {
		argv = append(argv, fmt.Sprintf("--volume=%s:%s", dirs[s.Volumes[i].HostPath.Path], m.MountPath))
	}
	return append(append(argv, c.Image), c.Args...)
}

// imageBuild lays out what the Containerfile copies, as make build does, and returns the command that
// it gives to build the image.
func (n *node) imageBuild() string {
	n.t.Helper()
	bin, err := lab.Bin(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	read := func(path string) string {
		data, err := os.ReadFile(path)
		if err != nil {
			n.t.Fatal(err)
		}
		return string(data)
	}
	for _, name := range []string{"tcni", "tcnictl"} {
		path := n.write("image/bin/"+name, read(filepath.Join(bin, name)))
		if err := os.Chmod(path, 0o755); err != nil {
			n.t.Fatal(err)
		}
	}
	file := read(filepath.Join("..", "..", manifests, "Containerfile"))
	n.write(filepath.Join("image", manifests, "Containerfile"), file)
	m := regexp.MustCompile(`(?m)^# +(podman build .*)$`).FindStringSubmatch(file)
	if m == nil {
		n.t.Fatal("the Containerfile gives no command")
	}
	return "cd " + filepath.Join(n.Dir, "image") + "\n" + m[1]
}
