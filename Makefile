SHELL := /bin/bash
.DELETE_ON_ERROR:
# Hundreds of tests start the command; without compiled modules each start takes a second more.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: demo test test-all check lint bench graphs goldens lock clean

# The lock was resolved on Python 3.11; any newer one will do.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
PROCESSORS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# Slow tests wait for servers and disks, so that one more than there are processors keeps these busy.
WORKERS ?= $(shell echo $$(( $(PROCESSORS) + 1 )))
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q --dist worksteal
STAMP := .venv/.installed
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
SAMPLE := data/articles/Peru_People's_Movement
DEMO := build/Peru_People's_Movement.trig
PAGE := build/page.trig

demo: $(STAMP)  ## build, validate and query the sample article, as plain text and as the page's wikitext
	@mkdir -p build
	@run() { printf '\n$$'; printf ' %q' "$$@"; echo; "$(BIN)/$$@"; }; \
	run lodkit build "$(SAMPLE).txt" -o "$(DEMO)" && \
	run lodkit validate "$(DEMO)" && \
	run lodkit query founders --on "$(DEMO)" --evidence --format table && \
	run lodkit build "$(SAMPLE).wiki" -o "$(PAGE)" && \
	run lodkit query references --on "$(PAGE)" --format table

test: lint  ## everything, slow tests too
	$(PYTEST) -n $(WORKERS)

test-all: lint  ## every combination of which `make test` takes some; about twice as long
	LODKIT_TESTS=all $(PYTEST) -n $(WORKERS)

check: lint  ## what to run before each commit: under a minute
	HYPOTHESIS_PROFILE=quick $(PYTEST) -n $(PROCESSORS) -m "not slow"

lint: $(STAMP)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary

bench: $(STAMP)  ## measure; rewrites benchmarks/results.md
	$(BIN)/python benchmarks/run.py

graphs: $(STAMP)  ## rebuild data/graphs from data/articles
	@mkdir -p data/graphs
	rm -f data/graphs/*.nq
	$(BIN)/lodkit build data/articles/*.txt -o data/graphs/ --format nq

goldens: graphs  ## after a change of the domain: rewrite what the tests compare (look at the diff!)
	-LODKIT_REWRITE_GOLDENS=1 $(PYTEST) -n $(WORKERS) \
	  tests/test_reports.py tests/test_lint.py tests/test_readme.py

lock: $(STAMP)  ## resolve pyproject.toml anew into constraints.txt (needs pip-tools in .venv)
	$(BIN)/python -m piptools compile --quiet --upgrade --extra dev --all-build-deps --allow-unsafe --strip-extras --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o constraints.txt pyproject.toml

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "lodkit needs Python 3.11 or newer; found: $$(python3 --version 2>&1). Say which with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(f"lodkit needs Python 3.11 or newer, $(PYTHON) is {sys.version.split()[0]}" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || { echo "Setting up .venv with $(PYTHON) ..."; "$(PYTHON)" -m venv .venv || { echo "No virtual environment could be made (on Debian: apt-get install python3-venv)" >&2; exit 1; }; }
	@$(PIP) install --requirement constraints.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
