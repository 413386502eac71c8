# Two commands matter: `make maps` and `make test`. The others are for work on the code.
# What is installed is remembered by the content of pyproject.toml and the constraints, so that a
# second run starts at once and a changed dependency installs anew.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
KEY := $(shell cat pyproject.toml constraints.txt | cksum | cut -d ' ' -f 1)
KEY_MIN := $(shell cat pyproject.toml constraints-min.txt | cksum | cut -d ' ' -f 1)
SCRIPTS := $(sort $(wildcard scripts/*.py))
WORKERS ?= 2
FUZZ ?= 20
MUTANTS ?= 60
SEED ?= 0
# Programs that look at the project from outside, in an environment of their own.
TOOLS := $(VENV)-tools
TOOLS_PINNED := cosmic-ray==8.7.0 cyclonedx-bom==7.5.0 pip-audit==2.10.1

export MPLBACKEND := Agg

.PHONY: help maps test test-all slow lint lint-js format types suite test-min test-new bench goals docs wheel audit fuzz mutants chromium qgis clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

maps: $(VENV)/.print-$(KEY) ## install, run every script, and write maps/*.html and maps/*.png
	@mkdir -p maps; begun=$$(mktemp); trap 'rm -f "$$begun"' EXIT; \
	$(BIN)/python docs/draw_maps.py $(SCRIPTS); \
	echo; echo "Written to $(CURDIR)/maps:"; \
	find maps -type f -newer "$$begun" \( -name '*.html' -o -name '*.png' \) -printf '  %p  %k kB\n' | sort

test: $(VENV)/.dev-$(KEY) chromium lint types suite ## install, lint, check types, and run the tests

test-all: $(VENV)/.dev-$(KEY) chromium lint types slow fuzz suite ## the same, and simulations of size and coverage, and new hostile input

slow: $(VENV)/.dev-$(KEY) ## run the tests marked slow: sizes of p-values, coverage of intervals
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal -m slow tests

fuzz: $(VENV)/.dev-$(KEY) ## try new damaged and hostile input, FUZZ seconds (20) for each kind
	GEOINNO_FUZZ_SECONDS=$(FUZZ) $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal tests/test_fuzz.py

audit: $(VENV)/.dev-$(KEY) $(TOOLS)/.ready ## check licences and known vulnerabilities of what is pinned
	$(BIN)/python tests/audit/run.py --pip-audit $(TOOLS)/bin/pip-audit

mutants: $(VENV)/.dev-$(KEY) $(TOOLS)/.ready ## change the code in MUTANTS places (60), and count how often a test notices
	$(TOOLS)/bin/python tests/mutation/run.py --count $(MUTANTS) --seed $(SEED) --python $(CURDIR)/$(BIN)/python

# From Python 3.12 on the interpreter itself reports which lines run, in a fifth less time.
CORE := $(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")'

suite: $(VENV)/.dev-$(KEY) ## run the tests and the examples in docstrings (COVERAGE=1 shows what they reach)
	$(if $(COVERAGE),COVERAGE_CORE=$$($(CORE))) $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal -m "not slow" $(if $(COVERAGE),--cov=geoinno --cov-report=term:skip-covered)

lint: $(VENV)/.dev-$(KEY) lint-js ## check style and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

# Each file for its length and style, then what the pages hold, joined, for names that nobody knows or uses.
ESLINT := tests/js/node_modules/.bin/eslint -c tests/js/eslint.config.mjs
RESOURCES := $(BIN)/python -c 'import sys; from geoinno.draw._web import resources; print(getattr(resources, sys.argv[1])())'

lint-js: $(VENV)/.dev-$(KEY) ## check the browser's side, where npm is there
	@if ! command -v npm >/dev/null; then echo "There is no npm: JavaScript is not linted."; exit 0; fi; \
	[ -x tests/js/node_modules/.bin/eslint ] || (cd tests/js && npm install --silent --no-audit --no-fund --no-package-lock) \
	|| { echo "eslint could not be installed: JavaScript is not linted."; exit 0; }; \
	$(ESLINT) geoinno/draw/_web/assets/*.js; \
	for script in own_script large_script; do $(RESOURCES) $$script | $(ESLINT) --stdin --stdin-filename joined/$$script.js; done

types: $(VENV)/.dev-$(KEY) ## check types
	$(BIN)/mypy

format: $(VENV)/.dev-$(KEY) ## mend style and format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# BENCH names the file; two of them are compared by benchmarks/suite.py --compare BEFORE AFTER.
BENCH ?= bench.json
bench: $(VENV)/.dev-$(KEY) ## time every kernel beside other packages, in one run, into BENCH (bench.json) and a picture
	@$(BIN)/python benchmarks/suite.py --output $(BENCH)

goals: $(VENV)/.dev-$(KEY) ## time three times what the goals for speed and memory need, and say which are met
	@for run in 1 2 3; do $(BIN)/python benchmarks/suite.py --needed --output $(basename $(BENCH))-$$run.json; done; \
	$(BIN)/python benchmarks/suite.py --goals $(basename $(BENCH))-{1,2,3}.json

test-min: $(VENV)-min/.dev-$(KEY_MIN) ## run the tests with the lowest versions that pyproject.toml allows
	$(VENV)-min/bin/python -m pytest --numprocesses $(WORKERS) --dist worksteal

test-new: ## run the tests with the newest versions there are
	$(call make-venv,$(VENV)-new)
	@$(VENV)-new/bin/python -m pip --disable-pip-version-check --quiet install --editable ".[dev]"
	$(VENV)-new/bin/python -m pytest --numprocesses $(WORKERS) --dist worksteal

docs: $(VENV)/.dev-$(KEY) ## build the documentation into docs/_build (run make maps before)
	@rm -rf docs/_build
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	$(BIN)/python docs/links.py docs/_build/html
	@echo "Written to $(CURDIR)/docs/_build/html/index.html"

# Without a network namespace (no unshare, or not allowed) the check still runs, and says that the net was there.
wheel: $(TOOLS)/.ready | $(BIN)/python ## build the wheel and its bill of materials, and ask it for an atlas offline
	@rm -rf build/wheel; $(PIP) wheel --no-deps --wheel-dir build/wheel .
	$(call make-venv,build/wheel/env)
	@build/wheel/env/bin/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt "$$(ls build/wheel/*.whl)[print]"
	@cd build/wheel; away="unshare --net"; $$away true 2>/dev/null || away="unshare --map-root-user --net"; \
	$$away true 2>/dev/null || { away=""; echo "No network namespace here: the wheel is tried with the network on."; }; \
	$$away env/bin/geoinno atlas central_asia -o atlas.html && test -s atlas.html; \
	echo "The wheel works by itself: $$(ls *.whl)"
	@$(TOOLS)/bin/cyclonedx-py environment --output-reproducible --output-file build/wheel/geoinno.cdx.json build/wheel/env/bin/python
	@echo "Its bill of materials (CycloneDX): build/wheel/geoinno.cdx.json"

clean: ## remove the environments and every cache
	rm -rf $(VENV) $(VENV)-min $(VENV)-new $(TOOLS) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist docs/_build docs/generated
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian ships venv without ensurepip unless python3-venv is there; then the system's pip fills in.
define make-venv
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: geoinno needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		$(PYTHON) -m venv --clear $(1); \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1 && $(PYTHON) -m venv --without-pip --clear $(1); then \
		$(PYTHON) -m pip --disable-pip-version-check --quiet --python $(1)/bin/python install pip; \
	else \
		echo "$(PYTHON) can make no virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; \
	fi
endef

$(BIN)/python:
	$(call make-venv,$(VENV))

$(TOOLS)/.ready:
	$(call make-venv,$(TOOLS))
	@$(TOOLS)/bin/python -m pip --disable-pip-version-check --quiet install $(TOOLS_PINNED)
	@touch $@

$(VENV)-min/bin/python:
	$(call make-venv,$(VENV)-min)

$(VENV)/.print-$(KEY): | $(BIN)/python
	@echo "Installing geoinno into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable ".[print]"
	@touch $@

$(VENV)/.dev-$(KEY): | $(BIN)/python
	@echo "Installing geoinno and what its tests need into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable ".[dev]"
	@touch $@ $(VENV)/.print-$(KEY)

$(VENV)-min/.dev-$(KEY_MIN): | $(VENV)-min/bin/python
	@echo "Installing the lowest versions into $(VENV)-min ..."
	@$(VENV)-min/bin/python -m pip --disable-pip-version-check --quiet install --constraint constraints-min.txt --editable ".[dev]"
	@touch $@

# The browser tests look for the same names; without a browser, or without pandoc, they skip and say so.
chromium:
	@missing=""; \
	{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null || missing="chromium fonts-dejavu-core"; \
	command -v pandoc >/dev/null || missing="$$missing pandoc"; \
	$(install-missing)

# Its bindings belong to the system's Python. Where QGIS cannot be had the tests fail here, and skip elsewhere.
qgis: $(VENV)/.dev-$(KEY) ## open maps in QGIS itself, which apt-get installs if need be
	@missing=""; /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || missing="python3-qgis"; \
	$(install-missing)
	GEOINNO_QGIS=required $(BIN)/python -m pytest tests/report/test_qgis.py

# Install the programs named in $$missing, where this machine and this user allow it.
define install-missing
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "Missing without apt-get: $$missing. Tests that need them will skip."; exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then root=""; elif sudo -n true 2>/dev/null; then root="sudo -n"; \
	else echo "No right to install $$missing: tests that need them will skip."; exit 0; fi; \
	echo "Installing $$missing ..."; \
	if $$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	then echo "Installed."; else echo "$$missing could not be installed: tests that need them will skip."; fi
endef
