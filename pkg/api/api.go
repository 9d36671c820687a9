// SPDX-License-Identifier: Apache-2.0

// Package api serves attachments, counters and changes over HTTP, as JSON, and
// metrics. openapi.yaml describes it; who may call it is decided by the socket.
package api

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"tcni.dev/pkg/view"
)

//go:embed openapi.yaml
var openAPI []byte

// Backend does what is asked for. A name is what "tcnictl list" takes; "" is all.
type Backend struct {
	Attachments func(name string) ([]view.Attachment, error)
	Stats       func(name string) ([]view.Stats, error)
	Set         func(ctx context.Context, name string, c Change) error
	Clear       func(ctx context.Context, name string, off bool) error
	Play        func(ctx context.Context, name, scenario string) error // no name: the scenario's own targets
	Status      func(error) int                                        // of HTTP, for an error
	Metrics     http.Handler
}

// Change is a request to set.
type Change struct {
	Shape string        // "egress delay 100ms ingress none"
	Rule  string        // of this rule only
	For   time.Duration // 0: until clear
}

// Handler serves the API.
func (b Backend) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", b.Metrics)
	mux.HandleFunc("GET /openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(openAPI)
	})
	mux.HandleFunc("GET /v1/attachments", func(w http.ResponseWriter, r *http.Request) {
		list, err := b.Attachments(r.FormValue("name"))
		b.answer(w, list, err)
	})
	mux.HandleFunc("GET /v1/stats", func(w http.ResponseWriter, r *http.Request) {
		list, err := b.Stats(r.FormValue("name"))
		b.answer(w, list, err)
	})
	mux.HandleFunc("POST /v1/set", change(b, b.set))
	mux.HandleFunc("POST /v1/clear", change(b, b.clear))
	mux.HandleFunc("POST /v1/play", change(b, b.play))
	return plainly(mux)
}

// change serves a POST, the body of which is a T, and answers with what is then
// in force.
func change[T any](b Backend, do func(ctx context.Context, name string, body T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("name")
		body, err := read[T](w, r)
		if err == nil {
			err = do(r.Context(), name, body)
		}
		if err != nil {
			b.answer(w, nil, err)
			return
		}
		list, err := b.Attachments(name)
		b.answer(w, list, err)
	}
}

// errNoName refuses to change all attachments by mistake.
var errNoName = refusal{http.StatusBadRequest, errors.New(`name is missing: "*" stands for all`)}

type setBody struct {
	Shape string `json:"shape"`
	Rule  string `json:"rule"`
	For   string `json:"for"`
}

func (b Backend) set(ctx context.Context, name string, body setBody) error {
	if name == "" {
		return errNoName
	}
	c := Change{Shape: body.Shape, Rule: body.Rule}
	if body.For != "" {
		var err error
		if c.For, err = time.ParseDuration(body.For); err != nil || c.For <= 0 {
			return refusal{http.StatusBadRequest, errors.New("for: want a time with a unit (30s)")}
		}
	}
	return b.Set(ctx, name, c)
}

type clearBody struct {
	Off bool `json:"off"`
}

func (b Backend) clear(ctx context.Context, name string, body clearBody) error {
	if name == "" {
		return errNoName
	}
	return b.Clear(ctx, name, body.Off)
}

type playBody struct {
	Scenario string `json:"scenario"`
}

func (b Backend) play(ctx context.Context, name string, body playBody) error {
	return b.Play(ctx, name, body.Scenario)
}

func (b Backend) answer(w http.ResponseWriter, v any, err error) {
	if err == nil {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
		return
	}
	var r refusal
	if !errors.As(err, &r) {
		r = refusal{b.Status(err), err}
	}
	r.write(w)
}
