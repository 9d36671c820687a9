// SPDX-License-Identifier: Apache-2.0

// Package dist computes the distribution tables that netem draws its jitter
// from.
//
// A table is an inverse cumulative distribution: its i-th of n samples is where
// the share (i+½)/n of all values lies below. netem picks a sample at random
// and adds sample/8192 times the jitter to the delay (tabledist in
// net/sched/sch_netem.c), so that a table with a standard deviation of 8192
// makes the jitter one sigma. All tables here have that, and the mean 0.
//
// A sample has 16 bits, so nothing lies further than 4 sigma from the delay.
package dist
