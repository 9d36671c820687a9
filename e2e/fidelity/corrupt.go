// SPDX-License-Identifier: Apache-2.0

package fidelity

import "context"

// refused counts packets that the receiver's UDP refuses for their checksum.
// Those with a wrong bit in the headers of Ethernet and IP, 34 of 1242 bytes,
// are refused or lost before.
func refused(u udp) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		const asked = 0.02
		res, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		return Measured{Readings: []Reading{
			share("gone", asked, res.Lost, res.Sent),
			share("refused for the checksum", asked*1208/1242, res.ChecksumErrors, res.Sent),
		}}, nil
	}
}

func tcpCopies(asked float64) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := bulk.run(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		return Measured{Readings: []Reading{share("duplicated", asked, max(res.Received-res.Sent, 0), res.Sent)}}, nil
	}
}

// tcpCorruption counts what the receiver's IP and TCP refuse: all but wrong
// bits in the Ethernet header, 14 of 1514 bytes.
func tcpCorruption(asked float64) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := bulk.run(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		r := share("refused for the checksum", asked, res.ChecksumErrors, res.Sent)
		r.From *= 1 - 34./1514
		return Measured{Readings: []Reading{r}}, nil
	}
}
