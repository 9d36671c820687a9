// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"tcni.dev/pkg/edit"
	"tcni.dev/pkg/scenario"
)

// program reads the file.
func (p *process) program(o playOptions, file string) (*scenario.Program, error) {
	profiles, err := edit.Load(o.profiles)
	if err != nil {
		return nil, err
	}
	var data []byte
	if file == "-" {
		data, err = io.ReadAll(p.in)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, err
	}
	env := scenario.Env{Files: os.DirFS(filepath.Dir(file)), Profiles: profiles}
	s := traceScenario(o, filepath.Base(file))
	switch ext := filepath.Ext(file); {
	case ext == ".yaml", ext == ".yml", ext == ".json", file == "-":
		if s, err = scenario.Parse(data); err != nil {
			return nil, err
		}
	case s == nil:
		return nil, fmt.Errorf("--direction %s: want egress, ingress or both", o.direction)
	}
	program, err := s.Compile(env)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return program, nil
}

// traceScenario plays one link trace; nil where the direction is wrong.
func traceScenario(o playOptions, file string) *scenario.Scenario {
	t := &scenario.Trace{Window: scenario.Duration(o.window)}
	switch o.direction {
	case edit.Egress:
		t.Egress = file
	case edit.Ingress:
		t.Ingress = file
	case edit.Both:
		t.Egress, t.Ingress = file, file
	default:
		return nil
	}
	return &scenario.Scenario{Steps: []scenario.Step{{Name: file, For: scenario.Duration(o.lasts), Trace: t}}}
}

// timeline prints the events of a scenario, up to a bound: some have no end.
func (p *process) timeline(program *scenario.Program) error {
	const most = 1000
	n := 0
	for e, err := range program.Events() {
		if err != nil {
			return usageError{err}
		}
		if n++; n > most {
			fmt.Fprintln(p.out, "…")
			return nil
		}
		on := strings.Join(e.On, ",")
		fmt.Fprintf(p.out, "%10v  %-12s  %s\n", e.At, or(on), e.Step)
	}
	return nil
}
