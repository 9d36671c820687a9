// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"tcni.dev/pkg/bpf/model"
	"tcni.dev/pkg/tc"
)

// skb is struct __sk_buff up to gso_size. A data_end below the frame's length
// keeps the rest outside of the linear part (7.3 does that, 6.18 does not).
type skb struct {
	_       [20]uint32
	DataEnd uint32
	_       [19]uint32
	WireLen uint32
	GSOSegs uint32
	_       [2]uint32
	GSOSize uint32
	_       [3]uint32
}

func TestPulls(t *testing.T) {
	needKernel(t)
	r := rand.New(rand.NewPCG(1, 2))
	routes := model.Routes(r, 200)
	program := asEBPF(t, loaded(t, routes, true))
	for linear := uint32(54); linear < 120; linear += 3 {
		classify := func(frame []byte) (tc.Handle, error) {
			s := skb{DataEnd: min(linear, uint32(len(frame)))}
			class, err := program.Run(&ebpf.RunOptions{Data: frame, Context: s})
			return tc.Handle(class), err
		}
		err := model.Compare(r, routes, true, classify, 200, beyondPull)
		if errors.Is(err, unix.EINVAL) {
			t.Skip("this kernel makes linear test packets only")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// beyondPull leaves out what has its ports further away than is pulled.
func beyondPull(frame []byte) bool { return len(frame) > pullBytes }
