// SPDX-License-Identifier: Apache-2.0

package api

import (
	"fmt"
	"net"
	"net/http"
	"strings"
)

// Local serves h on a loopback address, where any web page that a browser on the
// node shows can send requests: one that comes from a page (Origin) is refused,
// and one for a host of another name, which its owner may have led here (DNS
// rebinding).
func Local(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, fromPage := r.Header["Origin"]
		switch {
		case fromPage:
			refusal{http.StatusForbidden, fmt.Errorf("origin %q: no web page may call this", r.Header.Get("Origin"))}.write(w)
		case !isLocal(r.Host):
			refusal{http.StatusForbidden, fmt.Errorf("host %q: want localhost, or a loopback address", r.Host)}.write(w)
		default:
			h.ServeHTTP(w, r)
		}
	})
}

// isLocal tells whether a host, with or without a port, is no name that others
// could own.
func isLocal(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	ip := net.ParseIP(name)
	return strings.EqualFold(name, "localhost") || ip != nil && ip.IsLoopback()
}
