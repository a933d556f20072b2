# The commands of the project; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

# Warnings are errors in everything that is tested; whoever builds with another toolchain may have warnings.
unit coverage sanitize costs docs e2e faults chaos: export TREAT_WARNINGS_AS_ERRORS = 1
TEST_CLUSTER := todoapp-test
# Whole worlds at a hundred times their speed: they want the machine for themselves.
SIMULATIONS := '(RuntimeFaultTests|OperatorFaultTests|SharedWorkTests)'
WITHOUT_CLUSTER := --skip EndToEndTests --skip IntegrationTests
FAULT_CLUSTER := todoapp-faults

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install what building and testing need (Debian, root)
	@hack/setup

.PHONY: build
build: setup ## build the operator for release: .build/release/todoapp-operator
	TODOAPP_REVISION=$$(git rev-parse --short HEAD) swift build -c release --static-swift-stdlib --product todoapp-operator

.PHONY: install.yaml
install.yaml: ## build/install.yaml: config/default in one file; IMAGE names the operator's image
	@hack/install-manifest $(or $(IMAGE),todoapp-operator:dev) build/install.yaml

.PHONY: reproducible
reproducible: setup ## the operator's image, built twice in two folders: it must be the same byte by byte (root)
	@hack/operator-image check

.PHONY: release
release: setup ## everything that a release consists of: make release VERSION=1.2.3
	@hack/release $(VERSION)

.PHONY: demo
demo: ## a cluster, the operator, an app: everything from nothing; CLUSTER=current takes the cluster of KUBECONFIG
	@hack/run-demo up

.PHONY: demo-down
demo-down: ## take the demo down again
	@hack/run-demo down

.PHONY: demo-story
demo-story: ## on the demo that runs: a browser uses the app while its pods and its database die
	@hack/demo/story

.PHONY: demo-elsewhere
demo-elsewhere: setup ## the demo as on Minikube and on kind, which stand-ins play on the local cluster (root)
	hack/check-demo

.PHONY: test
test: setup lint unit costs docs cel schemas alerts demo-app faults e2e ## everything there is to test, on a real API server and a real node

.PHONY: lint
lint: ## style: swift-format, shellcheck
	swift format lint --strict --parallel --recursive Sources Tests Examples Benchmarks Fuzz Package.swift
	cmp crds/todo.taskflow.dev_todoapps.yaml config/crd/todo.taskflow.dev_todoapps.yaml
	shellcheck --severity=warning --external-sources $$(git grep -lE '^#!/bin/(ba)?sh' -- hack .ci)

.PHONY: format
format: ## put the sources into the project's style
	swift format --in-place --parallel --recursive Sources Tests Examples Benchmarks Fuzz Package.swift

.PHONY: unit
unit: ## the tests that need no cluster, and how much of the sources they run
	hack/swift-tests build
	hack/swift-tests run --enable-code-coverage $(WITHOUT_CLUSTER) --skip $(SIMULATIONS)
	hack/coverage build/tests --print
	hack/swift-tests run --filter $(SIMULATIONS)

.PHONY: costs
costs: ## what a pass over a TodoApp allocates: more than hack/check-costs allows is an error
	hack/swift-tests build
	hack/check-costs

.PHONY: coverage
coverage: unit ## how much of the sources the unit tests run; a file of the runtime below 90 % is an error
	hack/coverage build/tests

.PHONY: sanitize
sanitize: ## the unit tests under ThreadSanitizer and under AddressSanitizer
	hack/sanitize thread address

.PHONY: fuzz
fuzz: ## what comes from outside under libFuzzer, each decoder for FUZZ_SECONDS=600
	hack/fuzz

.PHONY: docs
docs: ## the libraries' documentation in build/docs; a warning of DocC is an error
	hack/swift-tests build
	hack/docs

.PHONY: cel
cel: ## the CustomResourceDefinition and the validator say the same
	hack/check-cel

.PHONY: schemas
schemas: ## every child that is rendered is an object of the schemas that Kubernetes 1.23, 1.24 and 1.36 publish
	hack/check-schemas

.PHONY: alerts
alerts: ## the alerts of config/prometheus are rules, and each fires when it should (three seconds)
	hack/check-alerts

.PHONY: demo-app
demo-app: setup ## the demo's app: its own tests, with a real PostgreSQL and a real browser
	hack/demo/test

.PHONY: image-contracts
image-contracts: setup ## every contract's Dockerfile built with the demo's app, and its image checked (root)
	hack/image-contracts

.PHONY: cluster
cluster: ## the local cluster's own test: kills its parts, reboots it (root); for whoever changes hack/
	hack/cluster-test

.PHONY: bench
bench: ## what the operator costs, beside what the API server can take (BENCH_SIZES="100 1000"): docs/performance.md
	hack/bench

.PHONY: e2e
e2e: ## the tests on a real API server and a real node
	hack/swift-tests build
	hack/run-e2e $(TEST_CLUSTER)

.PHONY: faults
faults: ## everything that can go wrong between the operator and the API server, on a control plane of its own
	hack/swift-tests build
	hack/run-faults $(FAULT_CLUSTER)

.PHONY: chaos
chaos: ## half an hour of faults by chance (CHAOS_MINUTES=30)
	hack/swift-tests build
	CHAOS_MINUTES=$${CHAOS_MINUTES:-30} hack/run-faults $(FAULT_CLUSTER)
