# Everything is set up by the target that you ask for: Python 3.11+, make and git are enough.
#   make demo      the main job, in the lab: no key, no network beyond installing
#   make test      the test suite, on loopback only
#   make all       what a change must pass: lint, demo, test

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo test lint all coverage test-pythons test-package real-parts test-real test-mitm test-corpus test-soak golden-update screenshot recordings clean

help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile
	@echo "  also: lint coverage test-pythons test-package real-parts test-real test-mitm test-corpus test-soak golden-update screenshot recordings clean"

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
	@$(PYTHON) tests/lanes/timed.py test-pythons $(PYTHON) tests/lanes/pythons.py $(FLAGS)

# Wheel, sdist and editable install: their contents, and every shipped scenario from each.
test-package:
	@$(PYTHON) tests/lanes/timed.py test-package $(PYTHON) tests/lanes/package.py

# Servers and proxies written by others, by apt (as root, or with sudo) and npm.
real-parts:
	@$(PYTHON) tests/lanes/timed.py real-parts $(PYTHON) tests/real/install.py

# Parts written by others: vcrpy in the versions that the README promises, servers and proxies.
test-real: $(VENV)/.real
	@$(PYTHON) tests/lanes/timed.py test-real-vcrpy $(BIN)/python tests/lanes/vcrpy_versions.py
	@$(BIN)/python tests/lanes/timed.py test-real $(PYTEST) -n 2 -q -m real tests/real

# mitmproxy pins versions that conflict with ours: it has an environment of its own.
test-mitm: $(VENV)/.real .venv-mitm/.done
	@$(BIN)/python tests/lanes/timed.py test-mitm $(PYTEST) -n 2 -q -m mitm tests/real

# The leak corpus whole: `make test` runs one part of six.
test-corpus: $(VENV)/.test
	@$(BIN)/python tests/lanes/timed.py test-corpus $(PYTEST) -n 2 -q -m corpus

# The big counts: all of them, or a part with SLICE=1/50. SEED chooses other random numbers.
SLICE ?= 1
SEED ?= 1
test-soak: $(VENV)/.test
	@FLIP401_SOAK=$(SLICE) FLIP401_SEED=$(SEED) $(BIN)/python tests/lanes/timed.py \
	  test-soak-$(SLICE) $(PYTEST) -n 2 -q -m soak --timeout 1800

golden-update: $(VENV)/.test
	$(PYTEST) -n 2 -q --golden-update

# The picture in the README, from the demo's real output at a real (pseudo) terminal.
screenshot: $(VENV)/.run
	$(BIN)/python tests/lanes/screenshot.py .github/demo.svg

# The recordings that the README shows.
recordings: $(VENV)/.run
	$(BIN)/flip401 run deepseek-401 --lab --cassette cassettes/shown/deepseek-401.lab.yaml || test $$? -eq 1

clean:
	rm -rf $(VENV) .venv-* .real build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache

$(VENV)/.run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "flip401 needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[test]'
	@touch $@

$(VENV)/.real: $(VENV)/.test
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[real,test]'
	@touch $@

.venv-mitm/.done:
	$(PYTHON) -m venv .venv-mitm
	.venv-mitm/bin/python -m pip install -q --disable-pip-version-check 'mitmproxy>=11.0.2'
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[lint,test]'
	@touch $@
