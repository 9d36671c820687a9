// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const machineTargets = `http://mirror.example/debian/ bookworm
http://mirror.example/debian/ bookworm-updates
http://security.example/debian-security/ bookworm-security
https://other.example/node nodistro
`

func TestDeriveSources(t *testing.T) {
	const archive = "Types: deb\nURIs: http://mirror.example/debian/\nSuites: "
	const security = "Types: deb\nURIs: http://security.example/debian-security/\nSuites: "
	const main = "\nComponents: main\n"
	tests := []struct {
		name, keyring string
		suites        []string
		want          string
	}{
		{"own release", "", []string{"bookworm", "bookworm-security"},
			archive + "bookworm" + main + "\n" + security + "bookworm-security" + main + "\n"},
		{"later release", "/keys.gpg", []string{"trixie", "trixie-security"},
			archive + "trixie" + main + "Signed-By: /keys.gpg\n\n" + security + "trixie-security" + main + "Signed-By: /keys.gpg\n\n"},
		{"backports", "", []string{"trixie-backports"}, archive + "trixie-backports" + main + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := deriveSources(machineTargets, "bookworm", tt.keyring, tt.suites)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("sources (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeriveSourcesWithoutMirror(t *testing.T) {
	_, err := deriveSources("http://mirror.example/ubuntu/ noble\n", "noble", "", []string{"trixie-security"})
	if err == nil || !strings.Contains(err.Error(), "no source for noble-security") {
		t.Errorf("error is %v, want one that names the missing source", err)
	}
}

func TestKernelPackages(t *testing.T) {
	tests := []struct {
		name    string
		records map[string]string
		want    []string
	}{
		{"one package", map[string]string{
			"linux-image-amd64":          "Package: linux-image-amd64\nDepends: linux-image-6.1.0-56-amd64 (= 6.1.192-2)\nSize: 1\n",
			"linux-image-6.1.0-56-amd64": "Depends: kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120) | linux-initramfs-tool\n",
		}, []string{"linux-image-6.1.0-56-amd64"}},
		{"split since 7.x", map[string]string{
			"linux-image-amd64":     "Depends: linux-base-amd64 (= 7.3), linux-image-7.3-amd64 (= 7.3)\n",
			"linux-base-amd64":      "Depends: linux-base-7.3-amd64 (= 7.3)\n",
			"linux-image-7.3-amd64": "Depends: dracut | linux-initramfs-tool, linux-base-7.3-amd64 (= 7.3), linux-binary-7.3-amd64 (= 7.3)\n",
		}, []string{"linux-image-7.3-amd64", "linux-base-7.3-amd64", "linux-binary-7.3-amd64"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := kernelPackages("linux-image-amd64", func(name string) (string, error) { return tt.records[name], nil })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("packages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestKernelPackagesNone(t *testing.T) {
	_, err := kernelPackages("linux-image-amd64", func(string) (string, error) { return "", nil })
	if err == nil {
		t.Error("no error for a metapackage without a kernel")
	}
}
