.DEFAULT_GOAL := help
PYTHON ?= python3
V := .venv/bin
UV_VERSION := 0.13.9

help: ## print this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(V)/.ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3,11) <= sys.version_info[:2] < (3,13) else "nenep needs Python 3.11 or 3.12; name one with: make PYTHON=/path/to/python3.11 ...")'
	@echo "preparing .venv from requirements.lock (a minute, once)"
	@$(PYTHON) -m venv .venv
	@$(V)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(V)/uv pip install --quiet --require-hashes -c requirements.lock -r pyproject.toml --extra local --group dev
	@$(V)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

install: $(V)/.ready ## prepare .venv from the lock

demo: $(V)/.ready ## a real province's year, through the four services, and its live page
	@$(V)/nenep demo

up: $(V)/.ready ## start the suite; it keeps its data between runs
	@$(V)/nenep up

down: $(V)/.ready ## stop a suite that `make up` started
	@$(V)/nenep down

test: $(V)/.ready ## every test, on a real Kafka and PostgreSQL
	@$(V)/pytest

guards: $(V)/.ready ## take every guard out, one by one, and see its test fail (long)
	@$(V)/python -W ignore -m tests.guards

check: $(V)/.ready ## format, lint, types, imports, contracts
	@$(V)/ruff format --check .
	@$(V)/ruff check .
	@$(V)/mypy
	@$(V)/lint-imports --no-cache
	@$(V)/pytest -q --no-header -p no:cacheprovider tests/contract

bench: $(V)/.ready ## throughput, freshness, memory; ratios taken in one run
	@$(V)/nenep bench all

docs: $(V)/.ready ## write the pages that repeat what the code says
	@$(V)/python -W ignore -m docs.generate
	@$(V)/python -W ignore -m client.generate

lock: ## resolve again and write requirements.lock (docs/adr/0001)
	@$(V)/uv lock --quiet
	@$(V)/uv export --quiet --frozen --all-extras --all-groups --no-emit-project --no-annotate --no-header -o requirements.lock

.PHONY: help install demo up down test guards check bench docs lock
