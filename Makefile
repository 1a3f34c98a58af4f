# Few targets; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
.DEFAULT_GOAL := help
N ?= 300
FROM ?= 0
KILLS ?= 25
.PHONY: help demo up check test lint simulate torture audit bench docs clean

help:  ## What can be done here
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Schakel needs Python 3.11 or newer: make PYTHON=python3.13 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: .venv/installed  ## A whole hub on this machine, and a morning played through it (ARGS=--exit ends it after)
	$(BIN)/schakel demo $(ARGS)

up: .venv/installed  ## A hub for daily use
	$(BIN)/schakel up $(ARGS)

check: lint  ## All checks and tests that need no server, under a minute
	$(BIN)/pytest -q -n 2 -m "not (servers or simulation or fuzz or security)" $(ARGS)

test: lint  ## Everything: all checks, all tests on real Kafka and a real database, and how much they cover
	$(BIN)/pytest -q --cov --cov-report=term -m "not (simulation or fuzz)" $(ARGS)
	$(BIN)/pytest -q -m "simulation or fuzz" $(ARGS)

lint: .venv/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry .
	$(BIN)/codespell
	$(BIN)/bandit -q -c pyproject.toml -r shared services deploy

simulate: .venv/installed  ## Histories of a whole hub under every trouble (N=10000 FROM=0, or SEED=4711)
	$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED) $(if $(ONLY),--only $(ONLY)),--n $(N) --from $(FROM)) $(ARGS)

torture: .venv/installed  ## Real kills of a real hub under load (KILLS=500 SEED=1)
	$(BIN)/python -m tests.torture --kills $(KILLS) $(if $(SEED),--seed $(SEED)) $(ARGS)

audit: .venv/installed  ## Asks a public list of weaknesses about every locked package; fails where it cannot ask
	$(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install --quiet pip-audit
	.venv/audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

bench: .venv/installed  ## How fast, how heavy, against bare pymongo and kafka-python (ARGS="--orders 500")
	$(BIN)/python -m benchmarks $(ARGS)

docs: .venv/installed  ## Writes docs/asyncapi.yaml and docs/openapi/ from the code
	$(BIN)/python -m deploy.docs

clean:  ## Removes the environment; the hub's data in var/ stays
	rm -rf .venv
