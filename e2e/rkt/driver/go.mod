// What rkt is built of, which nothing else here is to depend on: its CNI library
// is of 2016, and the same module as ours.
module tcni.dev/e2e/rkt/driver

go 1.26.0

require (
	github.com/appc/spec v0.8.11
	github.com/hashicorp/errwrap v1.1.0
	github.com/rkt/rkt v1.30.0
)

require (
	github.com/containernetworking/cni v0.3.0 // indirect
	github.com/coreos/go-iptables v0.8.0 // indirect
	github.com/coreos/go-semver v0.3.1 // indirect
	github.com/google/gofuzz v1.2.0 // indirect
	github.com/onsi/ginkgo v1.16.5 // indirect
	github.com/onsi/gomega v1.44.0 // indirect
	github.com/spf13/pflag v1.1.0 // indirect
	github.com/vishvananda/netlink v1.3.1 // indirect
	github.com/vishvananda/netns v0.0.5 // indirect
	go4.org v0.0.0-20260112195520-a5071408f32f // indirect
	golang.org/x/sys v0.49.0 // indirect
	gopkg.in/inf.v0 v0.9.1 // indirect
)

tool (
	github.com/containernetworking/cni/plugins/ipam/host-local
	github.com/containernetworking/cni/plugins/main/ptp
)
