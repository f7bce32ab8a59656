# Everything is set up by the target that you ask for: Python 3.11+, make and git are enough.
#   make demo      the main job, in the lab: no key, no network beyond installing
#   make test      the test suite, on loopback only
#   make all       what a change must pass: lint, demo, test

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo test lint all coverage test-pythons test-package test-real golden-update screenshot recordings clean

help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile
	@echo "  also: lint coverage test-pythons test-package test-real golden-update screenshot recordings clean"

# The lab plants one fault (a quote kept in .env); the check fails unless it is found and proved.
demo: $(VENV)/.run
	@$(BIN)/flip401 run deepseek-401 --lab --report json=$(VENV)/demo.json; \
	  code=$$?; $(BIN)/python tests/lanes/demo.py $(VENV)/demo.json $$code

test: $(VENV)/.test
	@$(BIN)/python tests/lanes/timed.py test $(PYTEST) -n 2 -q

coverage: $(VENV)/.test
	@rm -f .coverage .coverage.*
	@$(BIN)/python tests/lanes/timed.py coverage $(PYTEST) -n 2 -q --cov --cov-report=term

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

all: lint demo test

# The whole suite on every Python 3.11 to 3.13 that is here.
test-pythons:
	@$(PYTHON) tests/lanes/timed.py test-pythons $(PYTHON) tests/lanes/pythons.py

# Wheel, sdist and editable install: their contents, and every shipped scenario from each.
test-package:
	@$(PYTHON) tests/lanes/timed.py test-package $(PYTHON) tests/lanes/package.py

# Parts written by others, in the versions that the README promises.
test-real: $(VENV)/.test
	@$(PYTHON) tests/lanes/timed.py test-real $(PYTHON) tests/lanes/vcrpy_versions.py

golden-update: $(VENV)/.test
	$(PYTEST) -n 2 -q --golden-update

# The picture in the README, from the demo's real output at a real (pseudo) terminal.
screenshot: $(VENV)/.run
	$(BIN)/python tests/lanes/screenshot.py .github/demo.svg

# The recordings that the README shows.
recordings: $(VENV)/.run
	$(BIN)/flip401 run deepseek-401 --lab --cassette cassettes/shown/deepseek-401.lab.yaml || test $$? -eq 1

clean:
	rm -rf $(VENV) .venv-* build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache

$(VENV)/.run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "flip401 needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[test]'
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[lint,test]'
	@touch $@
