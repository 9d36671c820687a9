// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"testing"
)

const webNamespace = "echo /run/netns/web"

func TestCNITool(t *testing.T) {
	newNode(t).follow(readPage(t, "cnitool")).doTwice(webNamespace, pod.pageRates)
}

func TestNetemCNITool(t *testing.T) {
	f := newNode(t).follow(readPage(t, "cnitool"), "rate 10mbit", weather)
	f.do(webNamespace, pod.inWeather)
}
