# Every verb of the repository; `make help` lists them. `make run` and `make test` need only
# Python >= 3.11, make and the package registry: the environment in .venv makes itself.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
# 3.11 first: it is the version that CI runs. PYTHON=... overrides the search.
PYTHONS := python3.11 python3.12 python3.13 python3 python
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

STUDENT := examples/engineer-bangalore.yaml
REPORT := build/report.html
# The shipped student begins in January 2027: a fixed day keeps the example alive after that.
TODAY := 2026-11-22

.PHONY: help
help: ## list the verbs (default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- environment

# Two stamps: new pins make the environment anew, a new pyproject.toml only installs us again.
$(VENV)/.pins: requirements/dev.txt
	@python=; for name in $(PYTHON) $(if $(PYTHON),,$(PYTHONS)); do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "make: no Python 3.11 or newer found (looked for: $(or $(PYTHON),$(PYTHONS)))" >&2; \
	  echo "  fix  install one, or name it: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3.11" >&2; \
	  exit 1; fi; \
	echo "making $(VENV) with $$("$$python" --version)" >&2; \
	python=$$("$$python" -c 'import sys; print(sys._base_executable)'); \
	rm -rf $(VENV); \
	if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --python "$$python" $(VENV) && \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r $<; \
	else \
	  { "$$python" -m venv $(VENV) || { \
	    echo "make: this Python cannot make environments" >&2; \
	    echo "  fix  install its venv module (Debian: apt install python3-venv) or uv" >&2; \
	    exit 1; }; } && \
	  $(BIN)/python -m pip install --quiet --require-hashes -r $<; \
	fi
	@touch $@

# No isolation: the build backend is one of the pins, nothing unpinned is fetched.
$(VENV)/.package: pyproject.toml $(VENV)/.pins
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

.PHONY: env
env: $(VENV)/.package ## make or refresh the environment in .venv

# ----------------------------------------------------------------------- use

.PHONY: run
run: env ## compare the bundled programmes for a shipped student
	@mkdir -p $(dir $(REPORT))
	@./prospectus compare $(STUDENT) --today $(TODAY) --html $(REPORT)
	@printf '%s\n' '' \
	  'The same as a page to send: $(REPORT)' \
	  '' \
	  'Your own next commands:' \
	  '  ./prospectus init me.yaml              eight questions, one file that you can edit' \
	  '  ./prospectus compare me.yaml           every programme, solved for you' \
	  '  ./prospectus plan me.yaml gatech-omscs what to take and when, with the proof' \
	  '  ./prospectus show gatech-omscs         its rules in plain words, with sources'

.PHONY: serve
serve: env ## start the web application and open it in the browser (PORT=8000)
	@$(BIN)/prospectus serve $(if $(PORT),--port $(PORT)) $(ARGS)

# --------------------------------------------------------------------- checks

PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

# Debian's Chromium; where it cannot be installed, tests in a browser are skipped, but not in CI.
.PHONY: browser
browser: ## install Chromium for the tests in a browser, where it is missing
	@for name in chromium chromium-browser google-chrome; do \
	  if command -v $$name >/dev/null 2>&1; then exit 0; fi; done; \
	if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
	  echo "make: no Chromium found, and it cannot be installed from here" >&2; \
	  echo "  fix  install it (Debian: sudo apt install chromium)" >&2; \
	  exit 1; \
	fi

.PHONY: test
test: env ## run the tests (unit, property, golden, differential, API, browser), without the slow ones
	@$(PYTEST) -q -m "not slow" $(ARGS)

.PHONY: test-all
test-all: env ## run all tests, the long differential runs too
	@$(PYTEST) -q $(ARGS)

.PHONY: lint
lint: env ## check style, format and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo

.PHONY: format
format: env ## mend style and format where a tool can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: types
types: env ## check types (mypy --strict)
	@$(BIN)/mypy

.PHONY: bench
bench: env ## print the benchmarks; ONLY=cli runs those whose id begins so
	@$(BIN)/python benchmarks/run.py $(if $(ONLY),--only $(ONLY))

# A fuzzer of its own: `atheris` has wheels for some versions of Python only, so it is no pin.
FUZZ := build/fuzz
SECONDS := 600
.PHONY: fuzz
fuzz: ## fuzz the YAML reader and the grammar, coverage-guided (SECONDS=600 each)
	@mkdir -p $(FUZZ)
	@test -x $(FUZZ)/env/bin/python || python3.11 -m venv $(FUZZ)/env
	@$(FUZZ)/env/bin/python -m pip install --quiet -e '.[fuzz]'
	@for what in yaml expressions; do \
	  mkdir -p $(FUZZ)/$$what && $(FUZZ)/env/bin/python tests/fuzz/fuzz_$$what.py \
	    -max_total_time=$(SECONDS) -max_len=5000 -timeout=25 \
	    -artifact_prefix=$(FUZZ)/$$what- $(FUZZ)/$$what || exit 1; done

# ---------------------------------------------------------------- maintenance

# Only names, versions and hashes go into the files: no addresses.
COMPILE := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make pins"

.PHONY: pins
pins: ## renew requirements/*.txt from pyproject.toml (needs uv)
	@$(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt
	@$(COMPILE) -c requirements/dev.txt pyproject.toml requirements/build.in -o requirements/run.txt

.PHONY: claims
claims: env ## solve the figures of the claims register and write docs/claims.md
	@$(BIN)/prospectus claims --markdown > docs/claims.md.new && mv docs/claims.md.new docs/claims.md

.PHONY: clean
clean: ## remove the environment and everything that was built
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
