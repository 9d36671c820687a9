// SPDX-License-Identifier: Apache-2.0

// Package stats turns the counters of the kernel's queues into what happened to
// the packets of a direction, an impairment, a rule.
//
// Which counter tells what (net/sched/sch_htb.c, sch_netem.c, sch_tbf.c):
//
//   - Packets and bytes are the HTB class's, counted when a packet leaves, after
//     it was split.
//   - Losses are netem's. A class or TBF above a netem also counts them, but as
//     its own drops and unevenly.
//   - A full buffer is counted by the fifo below netem, and by netem once more;
//     where there is no netem, by the TBF or the fifo in the class.
//   - What waits is the class's queue length, of the same moment as what left:
//     that of the queue in it, which includes those below.
package stats
