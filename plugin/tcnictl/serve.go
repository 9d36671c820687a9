// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"tcni.dev/pkg/api"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/client"
	"tcni.dev/pkg/stats/metrics"
	"tcni.dev/pkg/view"
)

func (p *process) serveCmd() *cobra.Command {
	var listen, mode string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "serve metrics and an API on this node",
		Long: `serve listens on a unix socket, or on a loopback address, for test frameworks and
for Prometheus: attachments, counters, set, clear, play. /openapi.yaml describes
it; tcni.dev/pkg/client is a client in Go. Who may connect may change containers'
networks: on a socket that is decided by --mode; an address is for all on the node,
but for web pages: their requests, and those for a host of a name other than
localhost, are refused.`,
		Example: `  tcnictl serve
  tcnictl serve --listen 127.0.0.1:9871
  curl --unix-socket /run/tcnictl.sock 'http://node/v1/stats?name=default/web'
  curl --unix-socket /run/tcnictl.sock --json '{"shape": "egress delay 100ms"}' 'http://node/v1/set?name=default/web'`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().StringVar(&listen, "listen", "unix:"+client.DefaultSocket, "unix:PATH, or a loopback address and port")
	cmd.Flags().StringVar(&mode, "mode", "0600", "of the socket, in octal")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		signal.Ignore(syscall.SIGPIPE) // as play does
		l, err := p.listen(listen, mode)
		if err != nil {
			return err
		}
		return p.serve(cmd.Context(), l, listen)
	}
	return cmd
}

// listen opens the socket; one that nobody listens on any more is replaced.
func (p *process) listen(address, mode string) (net.Listener, error) {
	path, unix := strings.CutPrefix(address, "unix:")
	if !unix {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return nil, usagef("--listen %s: want unix:PATH, or a loopback address and port (127.0.0.1:9871)", address)
		}
		return net.Listen("tcp", address)
	}
	bits, err := strconv.ParseUint(mode, 8, 9)
	if err != nil {
		return nil, usagef("--mode %s: want an octal number (0660)", mode)
	}
	if c, err := net.Dial("unix", path); err == nil {
		c.Close()
		return nil, fmt.Errorf("%s: somebody listens there already", path)
	}
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() == fs.ModeSocket {
		_ = os.Remove(path)
	}
	// Nobody may connect before the mode is right.
	hidden := path + ".new"
	_ = os.Remove(hidden)
	l, err := net.Listen("unix", hidden)
	if err != nil {
		return nil, err
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := errors.Join(os.Chmod(hidden, fs.FileMode(bits)), os.Rename(hidden, path)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return removing{l, path}, nil
}

// removing takes its socket's file away.
type removing struct {
	net.Listener
	path string
}

func (r removing) Close() error { return errors.Join(r.Listener.Close(), os.Remove(r.path)) }

func (p *process) serve(ctx context.Context, l net.Listener, address string) error {
	reg := prometheus.NewRegistry()
	collector := metrics.Collector{Read: func() ([]view.Stats, error) { return p.counted(&attach.Selection{}, nil) }}
	if err := reg.Register(collector); err != nil {
		return err
	}
	handler := p.backend(promhttp.HandlerFor(reg, promhttp.HandlerOpts{})).Handler()
	if l.Addr().Network() == "tcp" {
		handler = api.Local(handler)
	}
	server := http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return ctx }, // a play ends with the server
		ReadHeaderTimeout: 10 * time.Second,
	}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer stop()
		done <- server.Shutdown(last)
	}()
	fmt.Fprintf(p.err, "serving on %s\n", address)
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}
