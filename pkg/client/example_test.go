// SPDX-License-Identifier: Apache-2.0

package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"tcni.dev/pkg/client"
	"tcni.dev/pkg/view"
)

// A test makes the network lose every tenth packet, lets the system under test
// run, and asserts that packets were lost, and not too many.
func Example() {
	node := fakeNode() // client.New("unix:" + client.DefaultSocket) on a real one
	defer node.Close()
	c, ctx := client.New(node.URL), context.Background()

	if _, err := c.Set(ctx, "default/web", client.Change{Shape: "egress loss 10%", Rule: "payments"}); err != nil {
		fmt.Println(err)
		return
	}
	before, err := c.Stats(ctx, "default/web")
	if err != nil {
		fmt.Println(err)
		return
	}
	// … the system under test runs …
	after, err := c.Stats(ctx, "default/web")
	if err != nil {
		fmt.Println(err)
		return
	}
	was, _ := client.Counted(before[0], "egress", "payments")
	is, _ := client.Counted(after[0], "egress", "payments")
	lost, sent := is.Drops.Loss-was.Drops.Loss, is.Offered()-was.Offered()
	fmt.Printf("%d of %d packets were lost\n", lost, sent)
	if lost == 0 {
		fmt.Println("the test tested nothing")
	}
	if _, err := c.Clear(ctx, "default/web", false); err != nil {
		fmt.Println(err)
	}
	// Output: 97 of 1000 packets were lost
}

// fakeNode counts 903 packets and 97 losses more each time.
func fakeNode() *httptest.Server {
	times := uint64(0)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/stats", func(w http.ResponseWriter, _ *http.Request) {
		counts := view.Counts{Packets: 903 * times, Drops: view.Drops{Loss: 97 * times, Total: 97 * times}}
		times++
		_ = json.NewEncoder(w).Encode([]view.Stats{{Name: "default/web", Directions: []view.Direction{
			{Direction: "egress", Classes: []view.Class{{Rules: []string{"payments"}, Counts: counts}}},
		}}})
	})
	mux.HandleFunc("POST /v1/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("[]")) })
	return httptest.NewServer(mux)
}
