// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// apt is a private apt below a directory: its own sources and package lists,
// nothing of the machine's is read or changed but its keys and proxies.
type apt struct{ dir string }

// newApt makes one that knows suites, from the mirrors that the machine's own
// apt uses.
func newApt(ctx context.Context, dir string, suites []string) (apt, error) {
	for _, d := range []string{"lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return apt{}, err
		}
	}
	targets, err := output(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Identifier: Packages")
	if err != nil {
		return apt{}, err
	}
	codename, err := output(ctx, "sh", "-c", `. /etc/os-release && echo "$VERSION_CODENAME"`)
	if err != nil {
		return apt{}, err
	}
	keyring := archiveKeys
	if _, err := os.Stat(keyring); err != nil {
		keyring = ""
	}
	sources, err := deriveSources(targets, strings.TrimSpace(codename), keyring, suites)
	if err != nil {
		return apt{}, err
	}
	if err := os.WriteFile(filepath.Join(dir, "debian.sources"), []byte(sources), 0o644); err != nil {
		return apt{}, err
	}
	return apt{dir}, os.WriteFile(filepath.Join(dir, "status"), nil, 0o644)
}

// args are apt's arguments that make it private.
func (a apt) args(more ...string) []string {
	args := []string{
		"-q",
		"-oDir::Etc::sourcelist=" + filepath.Join(a.dir, "debian.sources"),
		"-oDir::Etc::sourceparts=/dev/null",
		"-oDir::Etc::preferences=/dev/null",
		"-oDir::Etc::preferencesparts=/dev/null",
		"-oDir::State=" + a.dir,
		"-oDir::State::status=" + filepath.Join(a.dir, "status"),
		"-oDir::Cache=" + filepath.Join(a.dir, "cache"),
		"-oAcquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
		"-oAcquire::Languages=none",
		"-oAPT::Update::Error-Mode=any",
		"-oAPT::Sandbox::User=root", // the sandbox's user cannot write here
	}
	return append(args, more...)
}

// archiveKeys signs every suite of Debian. A machine without that file has the
// keys where apt looks by itself.
const archiveKeys = "/usr/share/keyrings/debian-archive-keyring.gpg"

// deriveSources writes apt sources (deb822) for suites, each from the mirror
// that the machine uses for the suite of the same kind: the archive, or its
// security updates. targets has one line "URI SUITE" for each of the
// machine's own, of its own release's codename.
func deriveSources(targets, codename, keyring string, suites []string) (string, error) {
	mirrors := map[string]string{}
	for line := range strings.Lines(targets) {
		uri, suite, _ := strings.Cut(strings.TrimSpace(line), " ")
		if _, known := mirrors[suite]; !known {
			mirrors[suite] = uri
		}
	}
	var b strings.Builder
	for _, suite := range suites {
		like := codename
		if strings.HasSuffix(suite, "-security") {
			like += "-security"
		}
		uri, ok := mirrors[like]
		if !ok {
			return "", fmt.Errorf("this machine's apt has no source for %s: no mirror to take %s from", like, suite)
		}
		fmt.Fprintf(&b, "Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n", uri, suite)
		if keyring != "" {
			fmt.Fprintf(&b, "Signed-By: %s\n", keyring)
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

// downloadKernel fetches the packages of the newest kernel and returns their files.
func downloadKernel(ctx context.Context, spec Spec, dir string) ([]string, error) {
	a, err := newApt(ctx, dir, spec.Suites)
	if err != nil {
		return nil, err
	}
	if err := run(ctx, "apt-get", a.args("update")...); err != nil {
		return nil, err
	}
	packages, err := kernelPackages("linux-image-amd64", func(name string) (string, error) {
		return output(ctx, "apt-cache", a.args("show", "--no-all-versions", name)...)
	})
	if err != nil {
		return nil, err
	}
	if err := runIn(ctx, dir, "apt-get", a.args(append([]string{"download"}, packages...)...)...); err != nil {
		return nil, err
	}
	return filepath.Glob(filepath.Join(dir, "*.deb"))
}
