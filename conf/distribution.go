// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"tcni.dev/pkg/tc"
)

// netemDistributions are the names that iproute2 ships tables for; uniform is
// the absence of a table.
var netemDistributions = []string{"uniform", "normal", "pareto", "paretonormal", experimental}

// experimental is a measurement, and so the one of them that cannot be computed
// (package dist): it is read from iproute2's file, whoever asks for it.
const experimental = "experimental"

func (r *reader) experimentalTable() (tc.Table, error) {
	read := r.experimental
	if read == nil {
		read = SystemTable
	}
	data, err := read(experimental)
	if err != nil {
		return "", fmt.Errorf("%s is a measurement that comes with iproute2: %w", experimental, err)
	}
	return ParseTable(data)
}

func isNetemDistribution(name string) bool { return slices.Contains(netemDistributions, name) }

// inlineTable names a table that was given without a name.
const inlineTable = "inline"

// maxTable is the kernel's limit of samples (MAX_DIST, net/sched/sch_netem.c).
const maxTable = 16384

func parseDistribution(s string) (string, error) {
	if !isName(s) {
		return "", fmt.Errorf("%q is not a name: want 1..63 of A-Z a-z 0-9 . _ -", s)
	}
	if s == "uniform" {
		return "", nil
	}
	return s, nil
}

// isName tells whether s can name a rule or a table.
func isName(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') && s[i] != '.' && s[i] != '_' && s[i] != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 63
}

// readTable reads distributionTable: a list of samples, or the name of a file
// with them.
func readTable(r *reader, imp *Impairment, v value) (err error) {
	d := &imp.Netem.Distribution
	if file, ok := v.text(); ok {
		if d.Table, err = r.load(file); err == nil && d.Name == "" {
			if d.Name = strings.TrimSuffix(path.Base(file), ".dist"); !isName(d.Name) {
				d.Name = inlineTable
			}
		}
		return err
	}
	if v[0] != '[' {
		return fmt.Errorf("want a list of whole numbers or the name of a file, got %s", v.what())
	}
	var table []byte
	for i, e := range v.elements() {
		if table, err = appendSample(table, string(e)); err != nil {
			return r.in(fmt.Sprintf("[%d]", i), func() error { return err })
		}
	}
	d.Table, err = makeTable(table)
	return err
}

// load reads the file of a table.
func (r *reader) load(file string) (tc.Table, error) {
	data, err := r.file(file, "a list of samples")
	if err != nil {
		return "", err
	}
	return ParseTable(data)
}

// file reads a file, which only the administrator may name; others give what is
// in it.
func (r *reader) file(name, instead string) ([]byte, error) {
	if r.tables == nil {
		return nil, fmt.Errorf("%q is a file, and only the conflist may name files: give %s", name, instead)
	}
	return r.tables(name)
}

// ParseTable reads a distribution table as iproute2 keeps them
// (/usr/lib/tc/*.dist): whole numbers in -32768..32767, 8192 being one jitter,
// and comments from # to the line's end; 1..16384 of them.
func ParseTable(data []byte) (tc.Table, error) {
	var table []byte
	for n, line := range strings.Split(string(data), "\n") {
		line, _, _ = strings.Cut(line, "#")
		for _, word := range strings.Fields(line) {
			var err error
			if table, err = appendSample(table, word); err != nil {
				return "", fmt.Errorf("line %d: %w", n+1, err)
			}
		}
	}
	return makeTable(table)
}

func appendSample(table []byte, s string) ([]byte, error) {
	v, err := strconv.ParseInt(s, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return nil, fmt.Errorf("%q is not a whole number", s)
	case err != nil || v < -32768 || v > 32767:
		return nil, fmt.Errorf("%s is outside -32768..32767", s)
	case len(table) >= 2*maxTable:
		return nil, fmt.Errorf("more than %d samples", maxTable)
	}
	return binary.NativeEndian.AppendUint16(table, uint16(int16(v))), nil
}

func makeTable(samples []byte) (tc.Table, error) {
	if len(samples) == 0 {
		return "", fmt.Errorf("has no samples: want 1..%d", maxTable)
	}
	return tc.Table(samples), nil
}

// checkDistribution joins name and table, whichever way they were given.
func (r *reader) checkDistribution(d *tc.Distribution) (err error) {
	switch {
	case d.Table != "" && d.Name == "":
		d.Name = inlineTable
	case d.Name == experimental && d.Table == "":
		d.Table, err = r.experimentalTable()
	case d.Table != "" && isNetemDistribution(d.Name) && d.Name != experimental:
		err = fmt.Errorf("%q is netem's own: give the table another name", d.Name)
	case d.Table == "" && d.Name != "" && !isNetemDistribution(d.Name):
		if r.tables == nil {
			return fmt.Errorf("%q is not one of %s; only the conflist may name a table of its own",
				d.Name, strings.Join(netemDistributions, ", "))
		}
		d.Table, err = r.load(d.Name)
	}
	return err
}
