# Everything one does in a checkout. Works with the GNU make 3.81 that macOS ships.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CODE := bot handlers tests
COMPILE := UV_NO_CONFIG=1 UV_CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/uv pip compile --quiet --upgrade \
	--universal --python-version 3.11 --generate-hashes --no-annotate pyproject.toml

.DELETE_ON_ERROR:
.PHONY: help demo setup test fleet lint format bench chaos pins

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1: /p' Makefile

demo: $(VENV)/.demo ## Try Spotter on this machine: no account, no network
	@$(BIN)/python -m bot demo

setup: $(VENV)/.dev ## Make .venv with everything that tests and tools need
	@echo "Ready: $(VENV) has everything. Next: make demo, or make test."

test: lint ## Lint, then run the tests
	@$(BIN)/python -m pytest -n 3 --dist loadscope

fleet: $(VENV)/.dev ## Run every journey with several processes on a real PostgreSQL
	@FLEET=1 $(BIN)/python -m pytest tests/journeys -n 3 --dist loadscope

lint: $(VENV)/.dev ## Style, types, import directions, docstrings of tests
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/interrogate tests

format: $(VENV)/.dev ## Put code into the house style
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

bench: $(VENV)/.bench ## Measure how fast it is: a table, and bench.json
	@$(BIN)/python -m tests.figures bench

chaos: $(VENV)/.dev ## Measure what it endures: a table, and chaos.json
	@$(BIN)/python -m tests.figures chaos

pins: $(VENV)/.dev ## Choose newer versions of all libraries, with their hashes
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --constraint requirements.txt --extra demo --output-file .pins/demo.txt
	@$(COMPILE) --constraint .pins/demo.txt --extra demo --extra dev --output-file .pins/dev.txt
	@$(COMPILE) --constraint .pins/dev.txt --extra demo --extra dev --extra bench --output-file .pins/bench.txt

# Stamps: what is installed already is not installed again until its pins change.

$(VENV)/.demo: .pins/demo.txt $(VENV)/pyvenv.cfg
	@echo "Installing what the demo needs; the first time this takes a minute or two."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement .pins/demo.txt
	@touch $@

$(VENV)/.dev: .pins/dev.txt $(VENV)/pyvenv.cfg
	@echo "Installing what tests and tools need; the first time this takes a minute or two."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement .pins/dev.txt
	@touch $(VENV)/.demo $@

$(VENV)/.bench: .pins/bench.txt $(VENV)/pyvenv.cfg
	@echo "Installing what speed is compared with; the first time this takes a minute or two."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement .pins/bench.txt
	@touch $(VENV)/.demo $(VENV)/.dev $@

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Spotter needs Python 3.11 or newer. Name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is incomplete: on Debian run apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
