// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"slices"
	"time"

	"tcni.dev/e2e/measure"
)

func changeFamily() Family {
	f := Family{Name: "change", About: "ADD again with another shape in the middle of the traffic: nothing may be lost or overtaken that the new shape does not ask for."}
	busy := udp{count: 20000, rate: 10000}
	full := udp{count: 16000, rate: 16000, size: 1200, segments: 16}
	slow := udp{count: 3000, rate: 1000, size: 1000} // 8 Mbit/s
	for _, c := range []struct {
		name, from, to, known string
		send                  udp
		loss                  float64
	}{
		{"longer delay", "delay 20ms", "delay 50ms", "", busy, 0},
		{"shorter delay", "delay 50ms", "delay 20ms", "", busy, 0},
		{"shorter delay with jitter", "delay 50ms 5ms", "delay 20ms 5ms", "", busy, 0},
		{"jitter to none", "delay 50ms 5ms", "delay 50ms", "", busy, 0},
		{"loss to none", "delay 20ms loss 5%", "delay 20ms", "", full, 0.05},
		{"none to loss", "delay 20ms", "delay 20ms loss 5%", "", full, 0.05},
		{"delay to loss", "delay 20ms", "loss 5%", "", full, 0.05},
		{"delay to corruption", "delay 80ms", "corrupt 0.0001%", "", busy, 0},
		{"loss to duplication", "loss 5%", "duplicate 5%", "", full, 0.05},
		{"rate to rate", "rate 50mbit", "rate 20mbit", "", slow, 0},
		{"rate to rate and delay", "rate 50mbit", "rate 20mbit delay 20ms", "", slow, 0},
		{"rate and delay to rate", "rate 50mbit delay 20ms", "rate 20mbit", "", slow, 0},
		{"delay to rate and delay", "delay 20ms", "rate 20mbit delay 20ms", "", slow, 0},
		{"rate and long delay to a higher rate", "rate 20mbit delay 200ms", "rate 100mbit delay 1ms", "", slow, 0},
		{"rate and delay to none with a rule", `{"rate": "20mbit", "delay": "20ms"}`, `{"rules": [{"match": {"port": 99}, "delay": "1ms"}]}`, "", slow, 0},
		{"rate and delay to delay", "rate 20mbit delay 20ms", "delay 20ms", "", slow, 0},
		{"delay to a rule more", `{"delay": "20ms"}`, `{"delay": "20ms", "rules": [{"match": {"port": 99}, "delay": "1ms"}]}`, "", busy, 0},
		{"rate and delay to rate, idle between", "rate 20mbit delay 5ms", "rate 20mbit", "", udp{count: 300, rate: 50, size: 1000}, 0},
		{"ATM cells to none", "rate 20mbit cellsize 48 celloverhead 5 delay 20ms", "rate 20mbit delay 20ms", "", slow, 0},
		{"delay to none", "delay 20ms", "none", "the kernel empties a queue that it takes away", busy, 0},
	} {
		f.Cases = append(f.Cases, Case{Name: c.name + ": to " + c.to, Words: c.from, Plain: plainOf(c.from, c.to), Known: lossKnown(c.known), Measure: changed(c.send, c.to, c.loss)})
	}
	return f
}

// lossKnown is why packets are lost, where that is known.
func lossKnown(why string) map[string]string {
	if why == "" {
		return nil
	}
	return map[string]string{"lost": why}
}

// plainOf is from where both are words that plain netem has.
func plainOf(from, to string) string {
	for _, s := range []string{from, to} {
		if s == "none" || s[0] == '{' || !plainWords(s) {
			return ""
		}
	}
	return from
}

// changed sends packets and changes the shape after a half. Losses may be those
// of one of the shapes, which has the given probability, in its half.
func changed(u udp, to string, loss float64) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		type outcome struct {
			res measure.PacketResult
			err error
		}
		u := u
		u.count = int(float64(u.count) / l.Scale) // the plugin takes its time, however few packets there are
		done := make(chan outcome, 1)
		go func() {
			res, err := u.packets(ctx, l)
			done <- outcome{res, err}
		}()
		time.Sleep(time.Duration(float64(l.packets(u.count)) / u.rate / 2 * float64(time.Second)))
		var err error
		if l.Variant == netem {
			err = l.netem(ctx, "change", to)
		} else {
			err = l.change(ctx, to)
		}
		out := <-done
		if err != nil || out.err != nil {
			return Measured{}, firstError(err, out.err)
		}
		readings := []Reading{count("lost", 0, out.res.Lost, out.res.Sent), count("reordered", 0, out.res.Reordered, out.res.Received)}
		if loss > 0 {
			// The change falls anywhere between two fifths and three; packets
			// that a queue loses with it are lost in a row.
			lost := share("lost", loss/2, out.res.Lost, out.res.Sent)
			lost.From, lost.To = loss*0.4, loss*0.6
			readings[0] = lost
			readings = append(readings, within("longest run lost", "packets", 1, 8, slices.Max(append(lossBursts(out.res), 0)), out.res.Sent))
		}
		return Measured{Readings: readings}, nil
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
