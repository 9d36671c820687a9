// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strings"
)

// lossModels holds what tc-netem(8) says after "loss", how many parameters a
// model takes, and what iproute2 (tc/q_netem.c) puts for those left out.
var lossModels = map[LossModel]struct {
	name     string
	params   []string
	defaults func(p *[5]Percent, given int)
}{
	LossRandom: {"random", []string{"loss", "loss correlation"}, func(*[5]Percent, int) {}},
	LossState: {"state", []string{"p13", "p31", "p32", "p23", "p14"}, func(p *[5]Percent, given int) {
		for i, v := range [5]Percent{0, MaxPercent - p[0], 0, MaxPercent, 0} {
			if i >= given {
				p[i] = v
			}
		}
	}},
	LossGEModel: {"gemodel", []string{"p", "r", "1-h", "1-k"}, func(p *[5]Percent, given int) {
		for i, v := range [5]Percent{0, MaxPercent - p[0], MaxPercent, 0} {
			if i >= given {
				p[i] = v
			}
		}
	}},
}

func parseLoss(n *Netem, w *Words) error {
	n.Loss = Loss{Model: LossRandom}
	switch {
	case w.Accept("random"):
	case w.Accept("state"):
		n.Loss.Model = LossState
	case w.Accept("gemodel"):
		n.Loss.Model = LossGEModel
	}
	model := lossModels[n.Loss.Model]
	var err error
	if n.Loss.P[0], err = Arg(w, lossParam(n.Loss.Model, 0), ParsePercent); err != nil {
		return err
	}
	given := 1
	for given < len(model.params) {
		ok, err := OptArg(w, lossParam(n.Loss.Model, given), &n.Loss.P[given], ParsePercent)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		given++
	}
	model.defaults(&n.Loss.P, given)
	if n.Loss.Model == LossRandom && n.Loss.P == [5]Percent{} {
		n.Loss = Loss{}
	}
	return nil
}

func lossParam(m LossModel, i int) string {
	if m == LossRandom {
		return lossModels[m].params[i]
	}
	return fmt.Sprintf("loss %s %s", lossModels[m].name, lossModels[m].params[i])
}

func printLoss(n *Netem) string {
	model, ok := lossModels[n.Loss.Model]
	if !ok {
		return ""
	}
	if n.Loss.Model == LossRandom {
		return printShare("loss", n.Loss.P[0], n.Loss.P[1])
	}
	out := []string{"loss", model.name}
	for i := range model.params {
		out = append(out, n.Loss.P[i].String())
	}
	return strings.Join(out, " ")
}
