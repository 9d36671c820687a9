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
	Play        func(ctx context.Context, name, scenario string) error
	Status      func(error) int // of HTTP, for an error
	Metrics     http.Handler
}

// Change is a request to set.
type Change struct {
	Shape string        // "egress delay 100ms ingress none"
	Rule  string        // of this rule only
	For   time.Duration // 0: until clear
}

// errNoName refuses to change all attachments by mistake.
var errNoName = errors.New(`name is missing: "*" stands for all`)

// maxBody bounds a request: a scenario is text.
const maxBody = 16 << 20

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
	mux.HandleFunc("POST /v1/set", b.change(b.set))
	mux.HandleFunc("POST /v1/clear", b.change(b.clear))
	mux.HandleFunc("POST /v1/play", b.change(b.play))
	return mux
}

// request is the body of a change.
type request struct {
	Shape    string `json:"shape"`
	Rule     string `json:"rule"`
	For      string `json:"for"`
	Off      bool   `json:"off"`
	Scenario string `json:"scenario"`
}

// badRequest is an error of the caller's.
type badRequest struct{ error }

// change serves a POST that needs a name, and answers with what is in force.
func (b Backend) change(do func(ctx context.Context, name string, r request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("name")
		var body request
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
		d.DisallowUnknownFields()
		err := d.Decode(&body)
		if err != nil {
			err = badRequest{err}
		} else if name == "" {
			err = badRequest{errNoName}
		} else {
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

func (b Backend) set(ctx context.Context, name string, r request) error {
	c := Change{Shape: r.Shape, Rule: r.Rule}
	if r.For != "" {
		var err error
		if c.For, err = time.ParseDuration(r.For); err != nil || c.For <= 0 {
			return badRequest{errors.New("for: want a time with a unit (30s)")}
		}
	}
	return b.Set(ctx, name, c)
}

func (b Backend) clear(ctx context.Context, name string, r request) error {
	return b.Clear(ctx, name, r.Off)
}

func (b Backend) play(ctx context.Context, name string, r request) error {
	return b.Play(ctx, name, r.Scenario)
}

func (b Backend) answer(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err == nil {
		_ = json.NewEncoder(w).Encode(v)
		return
	}
	status := http.StatusBadRequest
	if _, bad := err.(badRequest); !bad {
		status = b.Status(err)
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
