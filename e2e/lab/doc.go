// SPDX-License-Identifier: Apache-2.0

// Package lab makes a throw-away node on which CNI chains run for real.
//
// Terms:
//
//   - A lab is one node, its containers and its worlds, made by [New] and gone after [Lab.Close].
//   - The node is a network namespace and a mount namespace. Plugins run in it, so that the
//     machine's own links, qdiscs, /run and /var/lib/cni are never touched. In the node, /run and
//     /var/lib/cni are empty directories of the lab's own, and /sys shows the node's links.
//   - A container is a network namespace mounted at /run/netns/<name> in the node, as a runtime
//     would leave it; it holds no process.
//   - A world is a network namespace behind the node, with addresses of its own ("payments",
//     "catalogue"), to which the node routes.
//
// Namespaces are held by file descriptors and by mounts inside the node's mount namespace alone.
// A process that is killed thus leaves one directory under [os.TempDir] and nothing in the kernel;
// [Sweep] removes such directories. It can run on any kernel and in any root file system that has
// iproute2: the machine itself or a virtual machine that mounts it.
package lab
