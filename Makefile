# Everything there is to do with a checkout. `make` alone lists it; each target installs first what it needs.
.DEFAULT_GOAL := help
.PHONY: help install browser demo test test-shuffled check lint types layers pages-pictures docs docs-site reference feature fuzz bench bench-quick crash faults simulate-seeds simulate-deviations trial-hosts image properties forgeries sabotage mutate said sentences lock release

# Tests start some hundred commands: where this is set, each would compile the whole product anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
FUZZ ?= 20000
SEED ?= 1
PROPERTIES = $(shell grep -rl "hypothesis" tests --include="test_*.py")
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED) ## Make .venv with exactly the pinned packages, and this project in it

$(INSTALLED): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 install")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install ## Play the whole story on simulators of Personio and Loket
	@$(BIN)/tweeluik demo

browser: install ## Find Chromium for the tests of the pages, or install the distribution's where that is allowed
	@$(BIN)/python -m tests.pages.chromium

test: install browser ## Run every test
	@$(BIN)/pytest

test-shuffled: install browser ## Run every test in an order drawn by seed, which none may depend on: make test-shuffled SEED=7
	@$(BIN)/pytest --random-order-bucket=module --random-order-seed=$(SEED)

check: lint types layers reference said ## Everything that can be checked without running: style, types, imports, reference pages, sentences

lint: install ## Style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: install ## Types: of the product strictly, of the tests what breaks when the product changes
	@$(BIN)/mypy --strict

layers: install ## api drives, adapters reach out, domain decides: never back
	@$(BIN)/lint-imports

pages-pictures: install browser ## Take the pictures of pages in the documents anew
	@$(BIN)/python -m tests.pages.pictures

docs: install ## Write the reference pages anew from the code
	@$(BIN)/python -m api.reference.generate

docs-site: install ## Build the documentation site into build/site: a broken link or a page in no menu fails
	@$(BIN)/python -m tests.site.build

said: install ## Whether every sentence of the product is on record as it is said now
	@$(BIN)/python -m tests.golden.sentences --check

reference: install ## Whether the reference pages are what the code says
	@$(BIN)/python -m api.reference.generate --check

feature: install ## Run the scenarios of one rule: make feature RULE=END-2
	@test -n "$(RULE)" || { echo 'which rule? make feature RULE=END-2' >&2; exit 2; }
	@$(BIN)/pytest -n 0 --verbose --rule $(RULE) tests/acceptance

fuzz: install ## Ask the HTTP API 20,000 sound and unsound questions, be answered by every bad server and asked by a thousand slow clients; as many from one tenant to another (make fuzz FUZZ=5000)
	@FUZZ=$(FUZZ) $(BIN)/pytest -n 0 --timeout 7200 tests/api/test_http_fuzz.py
	@FUZZ=$(FUZZ) $(BIN)/pytest -n 0 --timeout 7200 tests/api/test_tenants_fuzz.py
	@HOSTILE=all $(BIN)/pytest -n 0 tests/contract/test_bad_servers.py tests/contract/test_bad_answers.py tests/api/test_http_connections.py

bench: install ## Measure all figures, each beside its floor (more than an hour; one alone: make bench BENCH=append)
	@$(BIN)/python -m bench $(BENCH)

bench-quick: install ## The same of small logs and companies, for the ratios (10 minutes)
	@$(BIN)/python -m bench --quick $(BENCH)

crash: install ## Kill runs, checks and erasures at every step, fill the disk at every step of a run, on both databases, and see what the next start makes of it (45 minutes)
	@$(BIN)/python -m tests.crash.campaign
	@$(BIN)/python -m tests.crash.kills

faults: install ## Faults on the wire and in Loket at every kind of write, and a full disk at every write of a sign-in (45 minutes)
	@$(BIN)/python -m tests.faults.campaign
	@$(BIN)/python -m tests.faults.full_disks

simulate-seeds: install ## Live weeks of edits, faults, crashes and clock changes for each of a thousand seeds (20 minutes)
	@$(BIN)/python -m tests.simulation

simulate-deviations: install ## Let each run of a thousand seeds decide a little otherwise, and count where that was found (15 minutes)
	@$(BIN)/python -m tests.simulation --planted

trial-hosts: install ## A week of 30 tenants on five hosts whose links are cut and slowed, with workers and databases killed, for five seeds, over network namespaces where they are allowed and over loopback (hours)
	@$(BIN)/python -m tests.hosts

image: install ## Build the image of the Dockerfile with Debian's podman, which root may have installed, on a base of Debian's, and play the demo in it (5 minutes)
	@$(BIN)/python -m tests.image

properties: install ## Look for counterexamples to all that is said to hold always, drawn anew in each of ten rounds (10 minutes)
	@for round in 1 2 3 4 5 6 7 8 9 10; do SEARCHING=1 $(BIN)/python -m pytest -n 2 $(PROPERTIES) || exit 1; done

forgeries: install browser ## Check 10,000 forged certificates with verify.html in a browser, network cut, and with offline_verifier.py
	@$(BIN)/python -m tests.pages.forgeries

sabotage: install ## Break the product on purpose, patch by patch: tests must notice each (half an hour)
	@$(BIN)/python -m tests.sabotage.run

sentences: install ## Put on record what the product says now, after reading the change
	@$(BIN)/python -m tests.golden.sentences

mutate: install ## Change the domain in 300 small ways, drawn by seed: tests must notice nine in ten (20 minutes)
	@$(BIN)/python -m tests.mutation $(MUTATE)

release: install ## Make wheel, source archive, bill of materials, licences and checksums of this commit: the same bytes each time
	@$(BIN)/python -m deploy.release build/release

lock: ## Pin every package anew from pyproject.toml, with hashes (some minutes)
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	CUSTOM_COMPILE_COMMAND='make lock' build/lock/bin/pip-compile $(LOCK) --output-file=requirements.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND='make lock' build/lock/bin/pip-compile $(LOCK) --extra=dev --extra=docs --constraint=requirements.txt --output-file=requirements-dev.txt pyproject.toml

LOCK := --quiet --generate-hashes --strip-extras --allow-unsafe --build-deps-for=editable \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
