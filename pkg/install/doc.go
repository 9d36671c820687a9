// SPDX-License-Identifier: Apache-2.0

// Package install puts tcni into the chain of a node that has a network already, and takes it out
// again.
//
// Terms:
//
//   - The binary directory is where the runtime looks for plugins, the configuration directory where
//     it looks for networks (CNI_PATH and conf_dir, [DefaultBinDir] and [DefaultConfDir]).
//   - The active file is the network that the runtime gives every pod: the first in the order of
//     names that ends in .conf, .conflist or .json. So choose containerd (go-cni, loadFromConfDir)
//     and CRI-O (ocicni, loadNetworks). A .conflist holds a list of plugins, the others hold one.
//   - The main plugin is whoever wrote the active file, and may write it again at any time.
//   - The entry is ours in the list of plugins, the last of it. Ours is a binary that was built from
//     tcni.dev/plugin/tcni, as its Go build information says.
//   - The original is a single plugin's file that a list of ours stands for; it is kept beside it
//     with [OriginalSuffix].
//
// What is found is kept to the byte: an entry is put between bytes, nothing is printed anew. A plan
// is made by reading alone; every change in it is one rename or one removal, and in an order in
// which the runtime can read the directory after each: the binary before the entry that names it,
// a list before the file that it replaces is removed, the entry of every file before the binary.
package install
