// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// refusal is an error of the caller's, with the status that says so in HTTP.
type refusal struct {
	status int
	error
}

func (r refusal) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": r.Error()})
}

// maxBody bounds a request: a scenario is text.
const maxBody = 16 << 20

// read reads a request's body. It must say that it is JSON, which no web page can
// send elsewhere without asking.
func read[T any](w http.ResponseWriter, r *http.Request) (body T, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return body, refusal{http.StatusUnsupportedMediaType, errors.New("content type: want application/json (curl --json)")}
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	switch err = d.Decode(&body); {
	case errors.Is(err, io.EOF):
		err = errors.New("it is empty: want an object; GET /openapi.yaml tells what is in it")
	case errors.As(err, new(*http.MaxBytesError)):
		return body, refusal{http.StatusRequestEntityTooLarge, fmt.Errorf("body: more than %d bytes", maxBody)}
	case err == nil && d.More():
		err = errors.New("there is more behind the object")
	}
	if err != nil {
		return body, refusal{http.StatusBadRequest, fmt.Errorf("body: %s", strings.TrimPrefix(err.Error(), "json: "))}
	}
	return body, nil
}

// plainly lets the mux refuse what it has no handler for as the API refuses.
func plainly(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern == "" {
			w = &rewriter{ResponseWriter: w, request: r}
		}
		mux.ServeHTTP(w, r)
	})
}

// rewriter writes a refusal in the place of what the mux says in plain text.
type rewriter struct {
	http.ResponseWriter
	request *http.Request
}

func (w *rewriter) WriteHeader(status int) {
	text := strings.ToLower(http.StatusText(status))
	refusal{status, fmt.Errorf("%s %s: %s", w.request.Method, w.request.URL.Path, text)}.write(w.ResponseWriter)
}

func (w *rewriter) Write(text []byte) (int, error) { return len(text), nil }
