// SPDX-License-Identifier: Apache-2.0

// Package demo shows tcni's main job on a real CNI chain to somebody who has
// never seen it, and measures everything that it says.
//
// Terms:
//
//   - A service is a host behind the node: payments and catalogue.
//   - Two containers are on the chain: shop, which is annotated, and plain,
//     which never is and must not notice.
//   - A case is one set of annotations, with what they ask of each path.
//   - A path leads from a container to a service. Its egress is the way there,
//     its ingress the way back, as tcni has it: seen from the container.
//   - A bound is a range that a measured value must be in. A value outside of
//     its bound is a failure of the run, and is never hidden or repeated.
package demo
