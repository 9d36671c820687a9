// SPDX-License-Identifier: Apache-2.0

package rtnl

// Constants of the kernel's interface that golang.org/x/sys/unix does not have.

// include/uapi/linux/rtnetlink.h: attributes of qdisc, class and filter messages.
const (
	tcaKind    = 1
	tcaOptions = 2
	tcaStats2  = 7

	rtextFilterSkipStats = 1 << 3

	rtaActTab = 1 // TCA_ACT_TAB
)

// include/uapi/linux/gen_stats.h
const (
	statsBasic = 1
	statsQueue = 3
	statsApp   = 4
	statsPkt64 = 8 // since 5.6
)

// include/uapi/linux/pkt_sched.h
const (
	htbParms      = 1
	htbInit       = 2
	htbDirectQlen = 5
	htbRate64     = 6
	htbCeil64     = 7
	htbOffload    = 9

	htbVersion = 3 // what htb_init asks for

	tbfParms  = 1
	tbfRate64 = 4
	tbfBurst  = 6

	netemCorr      = 1
	netemDelayDist = 2
	netemReorder   = 3
	netemCorrupt   = 4
	netemLoss      = 5
	netemRate      = 6
	netemECN       = 7
	netemRate64    = 8
	netemLatency64 = 10
	netemJitter64  = 11
	netemSlot      = 12
	netemSlotDist  = 13
	netemSeed      = 14 // since 6.6

	netemLossGI = 1
	netemLossGE = 2

	linkLayerEthernet = 1
	linkLayerATM      = 2
	linkLayerMask     = 0xf
)

// include/uapi/linux/pkt_cls.h
const (
	u32ClassID = 1
	u32Hash    = 2
	u32Link    = 3
	u32Divisor = 4
	u32Sel     = 5
	u32Act     = 7

	u32Terminal = 1 // TC_U32_TERMINAL

	bpfClassID = 3
	bpfFD      = 6
	bpfName    = 7
	bpfFlags   = 8
	bpfTag     = 10
	bpfID      = 11

	bpfActDirect = 1 // TCA_BPF_FLAG_ACT_DIRECT

	actKind    = 1
	actOptions = 2
	actStolen  = 4 // TC_ACT_STOLEN
)

// include/uapi/linux/tc_act/tc_mirred.h
const (
	mirredParms = 2
	egressRedir = 1 // TCA_EGRESS_REDIR
)
