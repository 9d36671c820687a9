// SPDX-License-Identifier: Apache-2.0

// Package measure sends real traffic between network namespaces and counts what arrives.
//
// Nothing here starts a program: sockets are opened on a thread inside a [Namespace] and then used
// from anywhere. Every measurement is bounded in count or time and obeys its context. Results are
// plain structs; in their JSON a duration is an integer of nanoseconds, a rate bits per second.
//
// Terms:
//
//   - One-way delay is from before the send call to the kernel's receive timestamp
//     (SO_TIMESTAMPNS); both ends are on one machine and have one clock.
//   - A packet is lost that has not arrived, uncorrupted or corrupted, when the measurement ends.
//   - A packet is reordered that arrives after one with a higher number (RFC 4737, type-P-reordered).
//     Second copies are duplicates and never count as reordered.
//   - A wire packet is what would be on a wire: a segmentation-offload frame is counted as the
//     segments that it stands for, each with its own headers.
//   - Goodput is payload at the receiver over time.
package measure

import "errors"

// Namespace is a place where sockets are opened: Do calls fn on a thread inside of it.
// Package lab's NS is one.
type Namespace interface {
	Do(fn func() error) error
}

// Here is the namespace of the calling thread.
type Here struct{}

// Do calls fn.
func (Here) Do(fn func() error) error { return fn() }

// open calls fn inside ns and returns what it made.
func open[T any](ns Namespace, fn func() (T, error)) (T, error) {
	var v T
	if ns == nil {
		return v, errors.New("no namespace given")
	}
	err := ns.Do(func() (err error) {
		v, err = fn()
		return err
	})
	return v, err
}
