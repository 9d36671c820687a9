// SPDX-License-Identifier: Apache-2.0

// Package delegate calls the plugin that makes the interface, for runtimes that
// know no chains: tcni stands in that plugin's place and calls it with its own
// configuration.
//
// Terms:
//
//   - The delegate is the plugin called; its configuration stands under
//     "delegate" in ours, and it is found as the runtime would find it, in
//     CNI_PATH.
//   - A result is what a plugin's ADD prints. What cniVersion says decides its
//     form (CNI SPEC, "Success"): ip4 and ip6 up to 0.2.0, lists from 0.3.0.
//
// It is CNI's pkg/invoke in short: that one brings OpenTelemetry along, which
// would add 2 MB to a program that starts for every pod.
package delegate
