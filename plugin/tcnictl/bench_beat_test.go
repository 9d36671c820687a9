// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	beatEvery    = time.Millisecond
	beatPriority = 2 * playPriority
	beatNoticed  = 200 * time.Microsecond // late enough to be told
	beatsTold    = 1 << 19                // at most
)

// beat is one that came late.
type beat struct {
	Time time.Time     `json:"time"` // when it came
	Late time.Duration `json:"late"`
}

// beatMain is a control of BenchmarkPlay, above play in priority, which tells,
// when its standard input has ended, which of its beats came late:
//
//	beat CPU    sleeps until the next beat, on one processor: when it is late,
//	            no process could run there
//	beat rtnl   takes and lets go of the kernel's RTNL lock: when it is late,
//	            nobody could change a qdisc
func beatMain() int {
	debug.SetGCPercent(-1)
	runtime.GOMAXPROCS(2) // the one that beats keeps one
	runtime.LockOSThread()
	act := func() {}
	if cpu, err := strconv.Atoi(os.Args[1]); err == nil {
		var set unix.CPUSet
		set.Set(cpu)
		if err := unix.SchedSetaffinity(0, &set); err != nil {
			return report(err)
		}
	} else if act, err = rtnlTaker(); err != nil {
		return report(err)
	}
	attr := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: beatPriority}
	if err := unix.SchedSetAttr(0, &attr, 0); err != nil {
		return report(fmt.Errorf("SCHED_FIFO: %w", err))
	}
	var ended atomic.Bool
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		ended.Store(true)
	}()
	return report(json.NewEncoder(os.Stdout).Encode(lateBeats(&ended, act)))
}

func lateBeats(ended *atomic.Bool, act func()) []beat {
	out := make([]beat, beatsTold)
	clear(out) // the pages are there
	n := 0
	var due unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &due) != nil {
		return nil
	}
	at := time.Now()
	for next := due.Nano(); !ended.Load(); {
		next += int64(beatEvery)
		at = at.Add(beatEvery)
		sleepUntil(next)
		act()
		now := time.Now()
		if late := now.Sub(at); late >= beatNoticed && n < len(out) {
			out[n] = beat{now, late}
			n++
		}
	}
	return out[:n]
}

// sleepUntil sleeps until a time of CLOCK_MONOTONIC. Go's scheduler is not told:
// it could only get in the way.
func sleepUntil(ns int64) {
	t := unix.NsecToTimespec(ns)
	for {
		_, _, errno := unix.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, uintptr(unsafe.Pointer(&t)), 0, 0, 0)
		if errno != unix.EINTR {
			return
		}
	}
}

// rtnlTaker asks for the state of a link by ethtool's ioctl, which takes the lock
// for that (dev_ethtool in net/ethtool/ioctl.c) and does next to nothing else.
func rtnlTaker() (func(), error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	value := struct{ cmd, data uint32 }{cmd: unix.ETHTOOL_GLINK}
	request := struct { // struct ifreq
		name [unix.IFNAMSIZ]byte
		data unsafe.Pointer
		_    [16]byte
	}{name: [unix.IFNAMSIZ]byte{'l', 'o'}, data: unsafe.Pointer(&value)}
	return func() {
		_, _, _ = unix.RawSyscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request)))
	}, nil
}
