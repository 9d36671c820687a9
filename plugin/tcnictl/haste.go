// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// hastened counts those who want the process to keep its times: what is changed
// for that is the whole process's.
var hastened struct {
	sync.Mutex
	users int
	end   func()
}

// hasten makes the process keep its times on a busy machine, until all who called
// it have called what it returns.
func hasten() (end func()) {
	hastened.Lock()
	defer hastened.Unlock()
	if hastened.users++; hastened.users == 1 {
		hastened.end = hurry()
	}
	return func() {
		hastened.Lock()
		defer hastened.Unlock()
		if hastened.users--; hastened.users == 0 {
			hastened.end()
		}
	}
}

// hurry gives all threads a priority above others', since each may have to wait
// for any other one: as SCHED_FIFO, or by their nice value where that is not
// allowed; where neither is, nothing changes. The garbage is for idle to collect.
func hurry() (end func()) {
	all := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(all + 2) // one thread returns from its sleep while others prepare
	percent := debug.SetGCPercent(-1)
	limit := debug.SetMemoryLimit(min(playMemory, debug.SetMemoryLimit(-1)))
	eachThread(func(tid int) {
		attr := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: playPriority}
		if unix.SchedSetAttr(tid, &attr, 0) != nil {
			_ = unix.Setpriority(unix.PRIO_PROCESS, tid, -20)
		}
	})
	return func() {
		eachThread(func(tid int) {
			attr := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL}
			_ = unix.SchedSetAttr(tid, &attr, 0)
			_ = unix.Setpriority(unix.PRIO_PROCESS, tid, 0)
		})
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
		runtime.GOMAXPROCS(all)
	}
}

const (
	// playPriority is a low one of SCHED_FIFO's: above all ordinary processes,
	// below the kernel's threads for interrupts (50).
	playPriority = 10
	// playMemory is when garbage is collected whatever the time.
	playMemory = 1 << 30
)

// eachThread calls f for the threads that there are; later ones are as the thread
// that makes them.
func eachThread(f func(tid int)) {
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return
	}
	for _, e := range entries {
		if tid, err := strconv.Atoi(e.Name()); err == nil {
			f(tid)
		}
	}
}

// idle collects garbage where there is some, and time for it. The player waits for
// that: 3 ms for 32 MB, 11 to 20 for 128, since sweeping takes most of it.
type idle struct{ last uint64 }

const (
	garbageEvery = 32 << 20             // bytes
	garbageTime  = 5 * time.Millisecond // what collecting them may take
)

func (i *idle) collect(left time.Duration) {
	if left < garbageTime {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	if now := sample[0].Value.Uint64(); now-i.last > garbageEvery {
		i.last = now
		runtime.GC()
	}
}
