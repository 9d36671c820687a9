// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// needsVM skips a test that boots a guest unless it has to run.
func needsVM(t *testing.T) {
	t.Helper()
	switch {
	case os.Getenv("TCNI_VM") != "":
		t.Skip("already in a virtual machine")
	case os.Getenv("CI") == "" && os.Getenv("TCNI_ROOT_TESTS") != "1":
		t.Skip("boots a virtual machine: set TCNI_ROOT_TESTS=1, as root, after e2e/setup vm")
	}
	t.Parallel()
}

// boot runs a shell script in a guest and returns what it printed.
func boot(t *testing.T, cfg Config, script string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errOut strings.Builder
	cfg.Argv, cfg.Stderr = []string{"sh", "-euc", script}, &errOut
	if cfg.Stdout == nil {
		cfg.Stdout = &out
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 6 * time.Minute // a busy machine boots slowly
	}
	err = Run(t.Context(), cfg)
	return out.String(), errOut.String(), err
}

// With icount the time that a ping takes is exact, however busy the machine.
func TestBootNetem(t *testing.T) {
	needsVM(t)
	for _, kernel := range []string{"bookworm", "trixie"} {
		t.Run(kernel, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, err := boot(t, Config{Kernel: kernel, Icount: 1}, `
				ip netns add c
				ip link add v0 type veth peer name eth0 netns c
				ip addr add 10.9.0.1/24 dev v0
				ip link set v0 up
				ip -n c addr add 10.9.0.2/24 dev eth0
				ip -n c link set eth0 up
				ping -c 1 -q 10.9.0.2
				ip netns exec c tc qdisc add dev eth0 root netem delay 50ms
				ping -c 11 -i 0.1 -q 10.9.0.2
				lsmod`)
			if err != nil {
				t.Fatalf("%v\n%s%s", err, stdout, stderr)
			}
			all := regexp.MustCompile(`rtt min/avg/max/mdev = [0-9.]+/([0-9.]+)/`).FindAllStringSubmatch(stdout, -1)
			if len(all) != 2 {
				t.Fatalf("want two pings, got:\n%s", stdout)
			}
			if ms, _ := strconv.ParseFloat(all[1][1], 64); ms < 50 || ms > 50.5 {
				t.Errorf("mean round trip is %v ms, want 50 to 50.5\n%s", ms, stdout)
			}
			if !strings.Contains(stdout, "sch_netem") {
				t.Errorf("tc did not load sch_netem:\n%s", stdout)
			}
		})
	}
}

func TestBootStreams(t *testing.T) {
	needsVM(t)
	share := t.TempDir()
	long := strings.Repeat("0123456789abcdef", 1<<17) // 2 MiB
	cfg := Config{Shares: []string{share}, Stdin: strings.NewReader(long), Env: append(os.Environ(), "WORD=a 'b\"")}
	stdout, stderr, err := boot(t, cfg, `
		echo "$WORD" >&2
		pwd >&2
		echo kept >`+share+`/file
		echo gone >`+share+`.not
		cat
		exit 3`)
	var exit *ExitError
	if !errors.As(err, &exit) || exit.Status != 3 {
		t.Fatalf("error is %v, want exit status 3\n%s", err, stderr)
	}
	dir, _ := os.Getwd()
	if want := "a 'b\"\n" + dir + "\n"; stderr != want {
		t.Errorf("standard error is %q, want %q", stderr, want)
	}
	if stdout != long {
		t.Errorf("standard output has %d bytes, want the %d of standard input", len(stdout), len(long))
	}
	if b, err := os.ReadFile(filepath.Join(share, "file")); string(b) != "kept\n" {
		t.Errorf("the share's file has %q, %v", b, err)
	}
	if _, err := os.Stat(share + ".not"); err == nil {
		t.Error("what was written outside of the share is there")
	}
}

func TestBootTimeout(t *testing.T) {
	needsVM(t)
	_, _, err := boot(t, Config{Timeout: 4 * time.Second}, "sleep 1000")
	var guest *GuestError
	if !errors.As(err, &guest) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v, want a guest's deadline exceeded", err)
	}
}

// A panic takes with it what the guest still holds, so this one waits until
// the line before it has arrived.
func TestBootPanic(t *testing.T) {
	needsVM(t)
	stdin, arrived := io.Pipe()
	stdout := &closer{close: arrived.Close}
	cfg := Config{Stdin: stdin, Stdout: stdout}
	_, _, err := boot(t, cfg, "echo before; cat; echo c >/proc/sysrq-trigger")
	var guest *GuestError
	if !errors.As(err, &guest) || guest.Cause.Error() != "kernel panic: sysrq triggered crash" {
		t.Errorf("error is %v, want a kernel panic", err)
	}
	if got := stdout.String(); got != "before\n" {
		t.Errorf("standard output is %q, want what came before the panic", got)
	}
}

// closer calls close once, with the first line that is written to it.
type closer struct {
	strings.Builder
	close func() error
	once  sync.Once
}

func (c *closer) Write(b []byte) (int, error) {
	if bytes.ContainsRune(b, '\n') {
		c.once.Do(func() { _ = c.close() })
	}
	return c.Builder.Write(b)
}

func TestBootSignal(t *testing.T) {
	needsVM(t)
	_, _, err := boot(t, Config{}, "sleep 1000 & kill -TERM $$")
	var exit *ExitError
	if !errors.As(err, &exit) || exit.Status != 128+15 {
		t.Errorf("error is %v, want exit status 143", err)
	}
}
