// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tcni.dev/pkg/view"
)

// quiet is a backend that remembers what it was asked to do.
func quiet(calls *[]string) Backend {
	note := func(what string) error {
		*calls = append(*calls, what)
		return nil
	}
	return Backend{
		Attachments: func(string) ([]view.Attachment, error) { return nil, nil },
		Stats:       func(string) ([]view.Stats, error) { return nil, nil },
		Set:         func(_ context.Context, name string, c Change) error { return note("set " + name + " " + c.Shape) },
		Clear:       func(_ context.Context, name string, _ bool) error { return note("clear " + name) },
		Play:        func(_ context.Context, name, scenario string) error { return note("play " + name + " " + scenario) },
		Status:      func(error) int { return http.StatusTeapot },
		Metrics:     http.NotFoundHandler(),
	}
}

// TestRefusals holds that what is refused is not done, and is said in JSON.
func TestRefusals(t *testing.T) {
	const body = `{"shape": "egress rate 1mbit"}`
	for _, c := range []struct {
		request, header, body string // a method and a path; "Key: value"; what is sent
		status                int
		text                  string // of the error; "": none
	}{
		{"POST /v1/set?name=a", "", body, 200, ""},
		{"POST /v1/set?name=a", "Content-Type: application/json; charset=utf-8", body, 200, ""},
		{"POST /v1/set?name=a", "Content-Type: text/plain", body, 415, "content type: want application/json (curl --json)"},
		{"POST /v1/set?name=a", "Host: evil.example", body, 403, `host "evil.example": want localhost, or a loopback address`},
		{"POST /v1/set?name=a", "Origin: http://127.0.0.1:9871", body, 403, `origin "http://127.0.0.1:9871": no web page may call this`},
		{"POST /v1/set?name=a", "Host: localhost:9871", body, 200, ""},
		{"POST /v1/set?name=a", "Host: [::1]:9871", body, 200, ""},
		{"POST /v1/set?name=a", "Host: 127.0.0.1", body, 200, ""},
		{"GET /v1/stats", "Host: 127.0.0.1.evil.example:9871", "", 403, `host "127.0.0.1.evil.example:9871": want localhost, or a loopback address`},
		{"GET /v1/stats", "Host: 10.0.0.1:9871", "", 403, `host "10.0.0.1:9871": want localhost, or a loopback address`},
		{"POST /v1/set", "", body, 400, `name is missing: "*" stands for all`},
		{"POST /v1/clear", "", "{}", 400, `name is missing: "*" stands for all`},
		{"POST /v1/play", "", `{"scenario": "x"}`, 200, ""},
		{"POST /v1/set?name=a", "", "", 400, "body: it is empty: want an object; GET /openapi.yaml tells what is in it"},
		{"POST /v1/clear?name=a", "", body, 400, `body: unknown field "shape"`},
		{"POST /v1/clear?name=a", "", "{}{}", 400, "body: there is more behind the object"},
		{"POST /v1/set?name=a", "", `{"shape": "x", "for": "30"}`, 400, "for: want a time with a unit (30s)"},
		{"POST /v1/play?name=a", "", `{"scenario": "` + strings.Repeat("x", maxBody) + `"}`, 413, "body: more than 16777216 bytes"},
		{"GET /v1/set", "", "", 405, "GET /v1/set: method not allowed"},
		{"GET /v2/stats", "", "", 404, "GET /v2/stats: not found"},
	} {
		method, path, _ := strings.Cut(c.request, " ")
		r := httptest.NewRequest(method, "http://127.0.0.1:9871"+path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/json")
		if key, value, _ := strings.Cut(c.header, ": "); key == "Host" {
			r.Host = value
		} else if key != "" {
			r.Header.Set(key, value)
		}
		var calls []string
		w := httptest.NewRecorder()
		Local(quiet(&calls).Handler()).ServeHTTP(w, r)
		var answer struct{ Error string }
		if w.Code != http.StatusOK {
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%s, %s: no JSON: %v %q", c.request, c.header, w.Header(), w.Body)
			}
		}
		if w.Code != c.status || answer.Error != c.text || len(calls) > 0 != (method == "POST" && c.status == http.StatusOK) {
			t.Errorf("%s, %s: %d %q, did %q; want %d %q", c.request, c.header, w.Code, answer.Error, calls, c.status, c.text)
		}
	}
}
