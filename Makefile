# The commands of the project; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

# Warnings are errors in everything that is tested; whoever builds with another toolchain may have warnings.
unit e2e: export TREAT_WARNINGS_AS_ERRORS = 1
TEST_CLUSTER := todoapp-test

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install what building and testing need (Debian, root)
	@hack/setup

.PHONY: build
build: setup ## build the operator for release: .build/release/todoapp-operator
	TODOAPP_REVISION=$$(git rev-parse --short HEAD) swift build -c release --static-swift-stdlib --product todoapp-operator

.PHONY: demo
demo: ## a cluster, the operator, an app: everything from nothing; CLUSTER=current takes the cluster of KUBECONFIG
	@hack/run-demo up

.PHONY: demo-down
demo-down: ## take the demo down again
	@hack/run-demo down

.PHONY: test
test: setup lint unit cel e2e ## everything there is to test, on a real API server and a real node

.PHONY: lint
lint: ## style: swift-format, shellcheck
	swift format lint --strict --parallel --recursive Sources Tests Package.swift
	shellcheck --severity=warning --external-sources hack/cluster hack/cluster-test hack/demo/test hack/run-demo hack/sample-images hack/operator-image hack/setup hack/run-e2e .ci/run

.PHONY: format
format: ## put the sources into the project's style
	swift format --in-place --parallel --recursive Sources Tests Package.swift

.PHONY: unit
unit: ## the tests that need no cluster
	swift build --build-tests
	swift test --skip-build --skip EndToEndTests

.PHONY: cel
cel: ## the CustomResourceDefinition and the validator say the same
	hack/check-cel

.PHONY: demo-app
demo-app: setup ## the demo's app: its own tests, with a real PostgreSQL and a real browser
	hack/demo/test

.PHONY: cluster
cluster: ## the local cluster's own test: kills its parts, reboots it (root); for whoever changes hack/
	hack/cluster-test

.PHONY: e2e
e2e: ## the tests on a real API server and a real node
	swift build --build-tests
	hack/run-e2e $(TEST_CLUSTER)
