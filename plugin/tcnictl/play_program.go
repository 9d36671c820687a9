// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

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
	var s *scenario.Scenario
	switch ext := filepath.Ext(file); {
	case ext != ".yaml" && ext != ".yml" && ext != ".json" && file != "-":
		s, err = traceScenario(o, filepath.Base(file))
	case o.ofTrace():
		err = fmt.Errorf("%s: --direction, --for and --window are of a link trace: a scenario says these in its steps", file)
	default:
		s, err = scenario.Parse(data)
	}
	if err != nil {
		return nil, err
	}
	program, err := s.Compile(scenario.Env{Files: os.DirFS(filepath.Dir(file)), Profiles: profiles})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return program, nil
}

// ofTrace tells whether a flag was given that is for link traces.
func (o playOptions) ofTrace() bool { return o.direction != "" || o.lasts != 0 || o.window != 0 }

// traceScenario plays one link trace.
func traceScenario(o playOptions, file string) (*scenario.Scenario, error) {
	if o.lasts < 0 || o.window < 0 {
		return nil, errors.New("--for, --window: want a time above 0")
	}
	t := &scenario.Trace{Window: scenario.Duration(o.window)}
	switch o.direction {
	case edit.Egress:
		t.Egress = file
	case "", edit.Ingress:
		t.Ingress = file
	case edit.Both:
		t.Egress, t.Ingress = file, file
	default:
		return nil, fmt.Errorf("--direction %s: want egress, ingress or both", o.direction)
	}
	return &scenario.Scenario{Steps: scenario.Steps{{Name: file, For: scenario.Duration(o.lasts), Trace: t}}}, nil
}
