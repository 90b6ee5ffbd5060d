# Every target sets itself up: only Python >= 3.11, git and make are needed.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint types rooms docs docs-check corpus bench verdicts mutations check clean

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed, and none was found" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip -c constraints.txt
	$(BIN)/python -m pip install --quiet -c constraints.txt --group dev --editable .
	@touch $@

demo: $(STAMP) ## validate the example contracts and compare their two versions
	$(BIN)/apicontract validate examples/orders-v1.yaml examples/orders-v2.yaml
	$(BIN)/apicontract diff --fail-on never examples/orders-v1.yaml examples/orders-v2.yaml
	$(BIN)/apicontract validate examples/protos-v1 examples/protos-v2
	$(BIN)/apicontract diff --fail-on never examples/protos-v1 examples/protos-v2

test: $(STAMP) ## the tests that need nothing but this checkout
	$(BIN)/python -m pytest -n auto -m "not corpus"

corpus: $(STAMP) ## the tests against real contracts, fetched from package registries
	$(BIN)/python -m pytest -n 2 -m corpus -rs

lint: $(STAMP) ## ruff: lint and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## mypy --strict
	$(BIN)/mypy

rooms: $(STAMP) ## who may import whom
	$(BIN)/lint-imports --no-cache

docs: $(STAMP) ## write the generated pages of docs/
	$(BIN)/python docs/generate.py

docs-check: $(STAMP) ## fail if a generated page is stale
	$(BIN)/python docs/generate.py --check

bench: $(STAMP) ## measure against the peers and write docs/performance.md
	$(BIN)/python benchmarks/run.py

verdicts: $(STAMP) ## measure the proofs and witnesses, write docs/containment.md and docs/beside-oasdiff.md
	$(BIN)/python benchmarks/verdicts.py

mutations: $(STAMP) ## break the row of each keyword and see a test fail
	$(BIN)/python benchmarks/mutations.py

check: lint types rooms docs-check test ## all of it but the corpus

clean: ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
