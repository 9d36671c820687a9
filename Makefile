# SPDX-License-Identifier: Apache-2.0
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

BIN      := $(CURDIR)/bin
TOOLS    := $(CURDIR)/.cache/tools
VM       := $(CURDIR)/.cache/tools/vm
FUZZTIME ?= 20s

# What a test may do without root: nothing that takes a capability.
UNPRIVILEGED := setpriv --bounding-set=-all --inh-caps=-all --

# The plugin is static: it runs in whatever root file system the runtime has.
export CGO_ENABLED := 0

.PHONY: help build test unit kernel netem e2e demo bench fidelity lint fuzz clean setup
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

build: ## build the plugin into bin/, stripped
	@go build -trimpath -ldflags '-s -w' -o $(BIN)/ ./plugin/...
	@cd $(BIN) && stat -c '%n %s' * | awk '{printf "bin/%s %.1f MB\n", $$1, $$2 / 1e6}'

test: setup unit kernel netem e2e ## set up what the tests need and pass all of them

setup: # what Debian's packages bring: tc, iptables, qemu, containerd
	@e2e/setup

unit: ## the tests that need neither root nor a kernel of their own: seconds
	@env -u CI go test -exec '$(UNPRIVILEGED)' ./...

kernel: setup ## the tests of packages on this machine's kernel, as root, in namespaces
	@TCNI_ROOT_TESTS=1 go test -count=1 ./pkg/... ./plugin/...

netem: setup $(VM) ## the tests of packages that need netem, in a VM where this kernel has none
	@for pkg in pkg/rtnl plugin/tcnictl; do \
		go test -c -o $(TOOLS)/netem.test ./$$pkg; \
		(cd $$pkg && TCNI_ROOT_TESTS=1 TCNI_NETEM_TESTS=1 $(VM) -again -timeout 50m -- $(TOOLS)/netem.test -test.timeout 45m); \
	done

e2e: setup ## the built binaries with real chains and runtimes
	@cd e2e && TCNI_ROOT_TESTS=1 go test -count=1 -p 1 -timeout 60m $$(go list ./... | grep -v -e /suite -e /runtimes)
	@cd e2e && go run ./cmd/suite
	@cd e2e && TCNI_ROOT_TESTS=1 go test -count=1 -timeout 90m ./runtimes

demo: ## show the main job on a real chain: two containers, a table, a chart
	@e2e/setup base vm
	@cd e2e && go run -trimpath ./cmd/demo

bench: ## measure tcni beside the reference bandwidth plugin; fails where a target is missed
	@e2e/setup base vm
	@cd e2e && go run ./cmd/bench -check

fidelity: ## measure what was asked for beside what is there, with real traffic
	@e2e/setup base vm
	@cd e2e && go run ./cmd/fidelity

lint: $(TOOLS)/staticcheck $(TOOLS)/depguard ## gofmt, go vet, staticcheck, and the walls between packages
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	@go vet ./... && $(TOOLS)/staticcheck ./... && $(TOOLS)/depguard ./...
	@cd e2e && go vet ./... && $(TOOLS)/staticcheck ./...

fuzz: ## run every fuzz target for FUZZTIME (20s)
	@for pkg in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$pkg; \
		done; \
	done

clean: ## remove what was built and fetched
	@chmod -R u+w .cache 2>/dev/null || true
	@rm -rf bin .cache out

$(VM): $(shell find e2e/vm e2e/cmd/vm -name '*.go')
	@cd e2e && go build -o $(VM) ./cmd/vm

$(TOOLS)/staticcheck $(TOOLS)/depguard: tools/go.mod
	@cd tools && go build -o $(TOOLS)/ honnef.co/go/tools/cmd/staticcheck github.com/OpenPeeDeeP/depguard/v2/cmd/depguard
