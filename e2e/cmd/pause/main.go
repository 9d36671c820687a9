// SPDX-License-Identifier: Apache-2.0

// Pause waits for a signal to end: the whole content of a pod sandbox's image.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	<-end
}
