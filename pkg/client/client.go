// SPDX-License-Identifier: Apache-2.0

// Package client talks to "tcnictl serve": a test framework changes the network
// of the system under test and asserts on what was counted.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tcni.dev/pkg/view"
)

// DefaultSocket is where "tcnictl serve" listens unless it is told otherwise.
const DefaultSocket = "/run/tcnictl.sock"

// Client is a connection to one node.
type Client struct {
	base string
	http *http.Client
}

// New returns a client of an address: "unix:/run/tcnictl.sock", or
// "http://127.0.0.1:9871".
func New(address string) *Client {
	path, unix := strings.CutPrefix(address, "unix:")
	if !unix {
		return &Client{strings.TrimSuffix(address, "/"), &http.Client{}}
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}
	return &Client{"http://tcnictl", &http.Client{Transport: &http.Transport{DialContext: dial}}}
}

// Error is what the server refused.
type Error struct {
	Status  int    `json:"-"` // of HTTP: 400, 404, 409, 503, …
	Message string `json:"error"`
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Change is what Set asks for.
type Change struct {
	// Shape is the request of "tcnictl set": "egress delay 100ms ingress none".
	Shape string `json:"shape"`
	Rule  string `json:"rule,omitempty"` // of this rule only
	// For takes the change back by itself; 0: it stays until Clear. It does not
	// depend on this client's, nor on the server's life.
	For time.Duration `json:"-"`
}

// MarshalJSON prints For as text.
func (c Change) MarshalJSON() ([]byte, error) {
	type plain Change
	lasts := ""
	if c.For > 0 {
		lasts = c.For.String()
	}
	return json.Marshal(struct {
		plain
		For string `json:"for,omitempty"`
	}{plain(c), lasts})
}

// Attachments lists those that are called by a name or match a glob; "" is all.
func (c *Client) Attachments(ctx context.Context, name string) (out []view.Attachment, err error) {
	return out, c.do(ctx, http.MethodGet, "/v1/attachments", name, nil, &out)
}

// Stats counts. With nothing in between, the difference of two is what was sent.
func (c *Client) Stats(ctx context.Context, name string) (out []view.Stats, err error) {
	return out, c.do(ctx, http.MethodGet, "/v1/stats", name, nil, &out)
}

// Set changes what is in force and returns what then is.
func (c *Client) Set(ctx context.Context, name string, change Change) (out []view.Attachment, err error) {
	return out, c.do(ctx, http.MethodPost, "/v1/set", name, change, &out)
}

// Clear returns to what was installed; with off, to no shape at all.
func (c *Client) Clear(ctx context.Context, name string, off bool) (out []view.Attachment, err error) {
	return out, c.do(ctx, http.MethodPost, "/v1/clear", name, map[string]bool{"off": off}, &out)
}

// Play plays a scenario in YAML and returns when it is over and what was there
// before is in force again. Without a name it is played on its own targets. The
// end of the context stops it; where the server ended before it, that is an
// *Error with status 503.
func (c *Client) Play(ctx context.Context, name, scenario string) error {
	return c.do(ctx, http.MethodPost, "/v1/play", name, map[string]string{"scenario": scenario}, nil)
}

func (c *Client) do(ctx context.Context, method, path, name string, body, out any) error {
	var r io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("tcnictl: %w", err)
		}
		r = bytes.NewReader(data)
	}
	if name != "" {
		path += "?name=" + url.QueryEscape(name)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, r)
	if err != nil {
		return fmt.Errorf("tcnictl: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("tcnictl: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		e := &Error{Status: resp.StatusCode}
		if json.NewDecoder(resp.Body).Decode(e) != nil {
			e.Message = resp.Status
		}
		return e
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("tcnictl: %s: %w", path, err)
	}
	return nil
}
