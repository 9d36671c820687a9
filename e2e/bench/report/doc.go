// SPDX-License-Identifier: Apache-2.0

// Package report holds what a benchmark has measured, judges it, and prints it
// as text, Markdown, JSON and a plot.
//
// Terms:
//
//   - A sample is one measured value; a row is all samples of one thing.
//   - A group is rows that were measured in turns in one go, so that they may be
//     compared: what disturbs the machine disturbs all of them.
//   - A row's reference is another row that it is divided by, median by median.
//   - A target is a bound on such a ratio, or on the median itself.
package report
