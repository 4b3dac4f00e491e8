# Every target does its own set-up; `make help` lists them.

# One set of flags everywhere: changing a flag would build everything again.
SWIFT_BUILD := swift build

.DEFAULT_GOAL := help
.PHONY: help setup build demo test campaign bench simulate load scale lint format clean

help: ## Show what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Install what building needs and is missing (Debian, Ubuntu).
	@Scripts/setup build

build: setup ## Build the program: .build/debug/pressroom.
	@[ -x .build/debug/pressroom ] || echo "Building. The first time takes some minutes."
	@$(SWIFT_BUILD) --product pressroom

demo: build ## Three sites, twelve requests, finished articles in output/. ARGS="--speed 20" passes flags on.
	@.build/debug/pressroom demo $(ARGS)

test: ## Install what tests need, check the style, build, run all tests. ARGS="--filter Name" picks some.
	@Scripts/setup test
	@$(MAKE) --no-print-directory lint
	@$(SWIFT_BUILD) --build-tests
	@Scripts/postgres with Scripts/test $(ARGS)

campaign: build ## Kill, stop and cut off real processes at every point of every step. ARGS="--spread 60" takes some.
	@Scripts/setup test
	@python3 Tests/Campaign/campaign.py $(or $(ARGS),--all --mutants --resume 100 --report .build/campaign.json)

bench: setup ## Measure the engine with a release build. ARGS="--database postgres://… --json" passes flags on.
	@$(SWIFT_BUILD) -c release --product pressroom
	@.build/release/pressroom bench $(ARGS)

simulate: setup ## Play 5,000 blogs of 100 sites under a virtual clock. ARGS="--workers 10" passes flags on.
	@$(SWIFT_BUILD) -c release --product pressroom
	@.build/release/pressroom simulate $(ARGS)

load: setup ## The same on real processes and a PostgreSQL of its own, twenty times faster than life.
	@Scripts/setup test
	@$(SWIFT_BUILD) -c release --product pressroom
	@Scripts/postgres with sh -c '.build/release/pressroom load --database "$$PRESSROOM_TEST_DATABASE_URL" $(ARGS)'

scale: setup ## What a claim touches with a million jobs queued, on PostgreSQL. JOBS=100000 is quicker.
	@$(SWIFT_BUILD) --build-tests
	@PRESSROOM_SCALE_JOBS=$(or $(JOBS),1000000) Scripts/postgres with swift test --skip-build --filter ClaimCostTests

lint: ## Check format, module borders and our own rules.
	@swift format lint --strict --recursive --parallel Sources Tests Package.swift
	@Scripts/lint

format: ## Format all Swift files.
	@swift format --in-place --recursive --parallel Sources Tests Package.swift

clean: ## Remove everything that was built; leaves data/ and output/.
	@rm -rf .build
