// SPDX-License-Identifier: Apache-2.0

// Command hello is the least that a static Go program can do: the floor below
// which no plugin written in Go gets.
package main

import "os"

func main() { _, _ = os.Stdout.WriteString("hello\n") }
