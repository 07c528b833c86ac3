# One command for each thing: `make` alone lists them.
PORT ?= 8123
HOST ?= 127.0.0.1
WORKERS ?= auto
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help run test lint types js unit browser packaging tests bench fuzz mutate release format clean programs

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1 - \2/p' Makefile

run: .venv/run.stamp ## start Annotator at http://127.0.0.1:8123/ (HOST=, PORT= choose another place)
	@exec $(BIN)/annotator run --host $(HOST) --port $(PORT)

test: .venv/test.stamp programs node_modules/.stamp ## run every check and every test
	@$(BIN)/python tools/check.py lint types js tests

lint: .venv/test.stamp ## ruff, djlint, codespell and the rules of our own
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/codespell
	$(BIN)/python -m tools.rules

types: .venv/test.stamp ## mypy, strict
	$(BIN)/mypy

js: node_modules/.stamp ## types, lint and tests of the scripts
	node_modules/.bin/tsc --project tsconfig.json
	node_modules/.bin/biome lint --error-on-warnings
	node --test $(sort $(wildcard tests/js/*test.js tests/js/*test.mjs))

unit: .venv/test.stamp ## the tests that need neither browser nor wheel
	$(PYTEST) -m "not browser and not packaging"

browser: .venv/test.stamp programs ## the tests in a real Chromium
	$(PYTEST) -m browser

packaging: .venv/test.stamp ## the built wheel, installed and started
	$(PYTEST) -m packaging

tests: .venv/test.stamp programs ## all tests in Python
	$(PYTEST)

bench: .venv/test.stamp ## measure the time and memory of what people do most
	$(BIN)/python -m tests.bench

fuzz: .venv/test.stamp programs ## thousands of requests made from the OpenAPI document, and people's rights by a model
	$(PYTEST) tests/fuzz

mutate: .venv/mutation.stamp ## change the guards of the program in small ways, and count what the tests notice
	$(BIN)/python tools/mutate.py $(ONLY)

release: .venv/test.stamp ## build sdist, wheel, list of parts (SBOM) and checksums into dist/
	$(BIN)/python tools/release.py

format: .venv/test.stamp ## bring the Python code into its one form
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

clean: ## take away what these commands made, but never instance/
	rm -rf .venv node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/run.stamp: setup.cfg pyproject.toml
	@tools/venv.sh
	@touch $@

.venv/test.stamp: setup.cfg pyproject.toml
	@tools/venv.sh test,postgres,oidc,release
	@touch $@ .venv/run.stamp

.venv/mutation.stamp: .venv/test.stamp
	@tools/venv.sh test,postgres,oidc,release,mutation
	@touch $@

programs: .venv/test.stamp
	@$(BIN)/python tools/programs.py chromium postgres node

node_modules/.stamp: package.json package-lock.json | programs
	@echo "Installing the checkers of the scripts ..."
	@npm ci --loglevel=error --no-progress
	@touch $@
