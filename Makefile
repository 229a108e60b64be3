# Lanner's tasks. On a Debian machine with Go, `make` says what they are; each
# installs the Go tools that it uses into .cache/bin, and names what it cannot
# install.

GO    ?= go
TOOLS := $(CURDIR)/.cache/bin
DIST  := _build/otelcol-lanner

# Versions of the tools, here and nowhere else.
BUILDER_VERSION   := v0.160.0
LINT_VERSION      := v2.15.0
GOTESTSUM_VERSION := v1.13.0

BUILDER   := $(TOOLS)/builder@$(BUILDER_VERSION)
LINT      := $(TOOLS)/golangci-lint@$(LINT_VERSION)
GOTESTSUM := $(TOOLS)/gotestsum@$(GOTESTSUM_VERSION)

# Capture needs rights: `make run` asks sudo for them where there is one.
SUDO ?= $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
# What `make run` starts the distribution on.
CONFIG ?= config/quickstart.yaml
# What `make image` and `make images` call what they build.
IMAGE ?= otelcol-lanner:0.1.0
# How long `make soak` runs.
SOAK ?= 2m
# How long each fuzz target runs.
FUZZTIME ?= 30s
# What `make bench` runs, as a regular expression.
BENCH ?= .
# What `make test` tests, and more flags for `go test`, as in
# `make test PACKAGES=./engine/... TESTFLAGS=-race`.
PACKAGES  ?= ./...
TESTFLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help build collector image images lanner run test bench soak fuzz conformance generate lint clean

help: ## say what the targets do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

build: collector lanner ## build bin/otelcol-lanner and bin/lanner

collector: $(DIST)/go.sum
	cd $(DIST) && CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o $(CURDIR)/bin/otelcol-lanner .

lanner:
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/lanner ./cmd/lanner

image: collector ## build a container image for this machine with podman
	scripts/image.sh $(IMAGE) $(shell $(GO) env GOARCH)=bin/otelcol-lanner

images: bin/otelcol-lanner-amd64 bin/otelcol-lanner-arm64 ## build the image for amd64 and arm64
	scripts/image.sh $(IMAGE) amd64=bin/otelcol-lanner-amd64 arm64=bin/otelcol-lanner-arm64

.PHONY: bin/otelcol-lanner-amd64 bin/otelcol-lanner-arm64
bin/otelcol-lanner-amd64 bin/otelcol-lanner-arm64: bin/otelcol-lanner-%: $(DIST)/go.sum
	cd $(DIST) && CGO_ENABLED=0 GOARCH=$* $(GO) build -trimpath -ldflags='-s -w' -o $(CURDIR)/$@ .

# ocb writes the distribution's sources; `go build` then knows what changed.
$(DIST)/go.sum: builder-config.yaml go.mod Makefile | $(BUILDER)
	@mkdir -p $(DIST)
	$(BUILDER) --config builder-config.yaml --skip-compilation
	@touch $@

run: build ## build, then print detections on this host until Ctrl-C
	@$(SUDO) bin/otelcol-lanner --config $(CONFIG) || { \
		echo 'Where the kernel cannot be captured, a shipped capture can be replayed: make run CONFIG=config/replay.yaml SUDO='; \
		exit 1; }

test: $(GOTESTSUM) ## run the tests that this machine allows
	$(GOTESTSUM) --format pkgname-and-test-fails --hide-summary skipped -- $(TESTFLAGS) $(PACKAGES)

bench: ## measure the hot paths; with CORPUS=dir also upstream's stable rules
	CORPUS=$(and $(CORPUS),$(abspath $(CORPUS))) $(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

soak: collector ## watch memory under mixed load: make soak SOAK=30m
	$(SUDO) env LANNER_SOAK=$(SOAK) $(GO) test ./test/e2e -run '^TestSoak$$' -timeout 0 -v

fuzz: ## run every fuzz target for FUZZTIME
	GO=$(GO) scripts/fuzz.sh $(FUZZTIME)

conformance: ## run the conformance corpus: make conformance CORPUS=dir
	@[ -d "$(CORPUS)" ] || { echo 'conformance: CORPUS=dir must name the folder of the corpus'; exit 2; }
	@$(GO) run ./cmd/conformance -corpus '$(CORPUS)' $(CONFORMANCE_FLAGS)

generate: ## remake BPF objects, tables and documents from their sources
	@scripts/need.sh clang-19:clang-19 llvm-strip-19:llvm-19
	$(GO) generate ./...

lint: $(LINT) ## look for mistakes and forbidden imports
	$(LINT) run ./...

clean: ## remove what was built
	rm -rf bin _build

$(BUILDER): ; @GO=$(GO) scripts/tool.sh $@ go.opentelemetry.io/collector/cmd/builder
$(LINT): ; @GO=$(GO) scripts/tool.sh $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
$(GOTESTSUM): ; @GO=$(GO) scripts/tool.sh $@ gotest.tools/gotestsum
