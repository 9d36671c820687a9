# SPDX-License-Identifier: Apache-2.0
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

BIN      := $(CURDIR)/bin
TOOLS    := $(CURDIR)/.cache/tools
FUZZTIME ?= 20s

# What a test may do without root: nothing that takes a capability.
UNPRIVILEGED := setpriv --bounding-set=-all --inh-caps=-all --

# The plugin is static: it runs in whatever root file system the runtime has.
export CGO_ENABLED := 0

.PHONY: help build unit kernel lint fuzz clean
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

build: ## build the plugin into bin/, stripped
	@go build -trimpath -ldflags '-s -w' -o $(BIN)/ ./plugin/...
	@cd $(BIN) && stat -c '%n %s' * | awk '{printf "bin/%s %.1f MB\n", $$1, $$2 / 1e6}'

unit: ## the tests that need neither root nor a kernel of their own: seconds
	@env -u CI go test -exec '$(UNPRIVILEGED)' ./...

kernel: ## the tests of packages on this machine's kernel, as root, in namespaces
	@TCNI_ROOT_TESTS=1 go test -count=1 ./pkg/... ./plugin/...

lint: $(TOOLS)/staticcheck $(TOOLS)/depguard ## gofmt, go vet, staticcheck, and the walls between packages
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	@go vet ./... && $(TOOLS)/staticcheck ./... && $(TOOLS)/depguard ./...

fuzz: ## run every fuzz target for FUZZTIME (20s)
	@for pkg in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$pkg; \
		done; \
	done

clean: ## remove what was built and fetched
	@chmod -R u+w .cache 2>/dev/null || true
	@rm -rf bin .cache out

$(TOOLS)/staticcheck $(TOOLS)/depguard: tools/go.mod
	@cd tools && go build -o $(TOOLS)/ honnef.co/go/tools/cmd/staticcheck github.com/OpenPeeDeeP/depguard/v2/cmd/depguard
