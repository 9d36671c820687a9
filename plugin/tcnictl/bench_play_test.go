// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// playBound is how late a change may be.
const playBound = 5 * time.Millisecond

// BenchmarkPlay plays 100 steps a second on ten attachments, both directions of
// each, and tells how late the kernel had them, and how late the machine was at the
// same moments. It needs root: TCNI_BENCH=1, and takes TCNI_PLAY_FOR (1m).
func BenchmarkPlay(b *testing.B) {
	const targets, every = 10, 10 * time.Millisecond
	lasts := time.Minute
	if text := os.Getenv("TCNI_PLAY_FOR"); text != "" {
		var err error
		if lasts, err = time.ParseDuration(text); err != nil {
			b.Fatal(err)
		}
	}
	node, records := benchNode(b, targets)
	dir := b.TempDir()
	file, played := filepath.Join(dir, "steps.yaml"), filepath.Join(dir, "played.jsonl")
	// Up in a half of the time, down in the other.
	text := fmt.Sprintf("steps:\n- {ramp: %[1]v, every: %[2]v, both: rate 90mbit}\n- {ramp: %[1]v, every: %[2]v, both: rate 10mbit}\n", lasts/2, every)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ended := startControls(b)
		cmd := onNode(node, "play", file, "--all", "--record", played, "--records", records)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		machine := ended()
		changes := recordedChanges(b, played)
		if want := targets * int(lasts/every); len(changes) < want {
			b.Errorf("%d changes, want %d", len(changes), want)
		}
		used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		b.ReportMetric(100*used.Seconds()/lasts.Seconds(), "cpu-%")
		judge(b, changes, machine)
	}
}

// change is one of the player's, from when it was due until the kernel had it.
type change struct {
	span
	step float64 // when its step was due: seconds of the scenario
}

// recordedChanges reads what --record wrote.
func recordedChanges(b *testing.B, path string) (out []change) {
	b.Helper()
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			b.Fatal(err)
		}
		out = append(out, change{before(e.Time, time.Duration(e.Late*float64(time.Second))), e.At})
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
	return out
}
