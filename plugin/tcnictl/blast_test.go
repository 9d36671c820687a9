// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// blastMain sends UDP packets: blast ADDRESS COUNT SIZE [INTERVAL].
func blastMain() {
	if err := blast(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func blast(args []string) error {
	c, err := net.Dial("udp", args[0])
	if err != nil {
		return err
	}
	defer c.Close()
	count, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	size, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	var pause time.Duration
	if len(args) > 3 {
		if pause, err = time.ParseDuration(args[3]); err != nil {
			return err
		}
	}
	packet := make([]byte, size)
	for range count {
		for range 3 { // an answer of ICMP to an earlier packet is told instead of sending
			if _, err := c.Write(packet); err == nil {
				break
			}
		}
		time.Sleep(pause)
	}
	return nil
}
