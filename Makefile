# Every target does its own set-up; `make help` lists them.

# One set of flags everywhere: changing a flag would build everything again.
SWIFT_BUILD := swift build

.DEFAULT_GOAL := help
.PHONY: help setup build demo test campaign bench simulate load scale api fuzz lint format clean

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
	@Scripts/setup build
	@$(MAKE) --no-print-directory lint
	@mkdir -p .build; Scripts/setup test >.build/setup.log 2>&1 & installing=$$!; \
		$(SWIFT_BUILD) --build-tests; built=$$?; \
		wait $$installing; installed=$$?; cat .build/setup.log; [ $$built = 0 ] && [ $$installed = 0 ]
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

load: setup ## The same on real processes and a PostgreSQL of its own. ARGS=arena loads the second product.
	@Scripts/setup test
	@$(SWIFT_BUILD) -c release --product pressroom
	@Scripts/postgres with sh -c '.build/release/pressroom load $(ARGS) --database "$$PRESSROOM_TEST_DATABASE_URL"'

scale: setup ## What a claim touches with a million jobs queued, on PostgreSQL. JOBS=100000 is quicker.
	@$(SWIFT_BUILD) --build-tests
	@PRESSROOM_SCALE_JOBS=$(or $(JOBS),1000000) Scripts/postgres with swift test --skip-build --filter ClaimCostTests

api: setup ## Ask the API 20,000 questions, and hold each answer against its document. REQUESTS=100000 asks more.
	@Scripts/setup test
	@$(SWIFT_BUILD) --build-tests
	@PRESSROOM_API_REQUESTS=$(or $(REQUESTS),20000) Scripts/postgres with Scripts/test --filter 'answers as its document'

fuzz: ## Feed a million mutated answers to each parser. INPUTS=10000 is quicker.
	@Scripts/setup build
	@$(SWIFT_BUILD) --build-tests
	@TEST_MINUTES=$(or $(TEST_MINUTES),720) PRESSROOM_FUZZ_INPUTS=$(or $(INPUTS),1000000) Scripts/test --filter 'A fuzzed '

lint: ## Check format, module borders and our own rules.
	@swift format lint --strict --recursive --parallel Sources Tests Package.swift
	@Scripts/lint

format: ## Format all Swift files.
	@swift format --in-place --recursive --parallel Sources Tests Package.swift

clean: ## Remove everything that was built; leaves data/ and output/.
	@rm -rf .build
