# Everything a user or developer types. `make` sets up what is missing and skips what is there.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
PIP_AUDIT_VERSION := 2.10.1
PARTS := tap-kit tap-teamwork tap-missive tap-craft transform warehouse sandbox report operate
MELTANO := $(BIN)/meltano --log-level=warning

# uv and Meltano's uv trust the certificates of this machine, as pip does.
export UV_SYSTEM_CERTS := 1
# Else the first run compiles what it imports, and where nothing can be kept (a container that is
# thrown away, PYTHONDONTWRITEBYTECODE) each run does, which takes as long as all the rest of it.
export UV_COMPILE_BYTECODE := 1

DEVELOPMENT := $(VENV)/.ready
INSTALLED := .meltano/.ready
PLUGINS := .meltano/.asked

.PHONY: help install demo sync status doctor report test chaos lint format bench bench-check audit clean lock \
  raw-tables reference
.DELETE_ON_ERROR:

help:
	@echo "make demo   load a generated office into the embedded database and show it"
	@echo "make sync   load your own accounts (settings in .env, see .env.example);"
	@echo "            SOURCE=teamwork or missive or craft loads one of them"
	@echo "make report write one HTML page of what was loaded"
	@echo "make status how old the data are, what failed     make doctor  what is wrong, and what to do"
	@echo "make test   run all tests        make lint   check style and types"
	@echo "make bench  measure              make bench-check  whether requests or sizes got worse"
	@echo "make audit  look for known faults of the libraries"
	@echo "make chaos  try to lose something: SEEDS=300 FIRST_SEED=1"
	@echo "make reference  write docs/tables.md from the comments in the database"
	@echo "make clean  remove all that make has made, data included"

$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "Planwerk needs Python 3.10 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(DEVELOPMENT): $(VENV)/bin/uv requirements.lock $(PARTS:%=%/pyproject.toml)
	@echo "Installing Planwerk into $(VENV) ..."
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation \
	  $(PARTS:%=--editable ./%)
	@$(BIN)/python -m compileall -q $(PARTS)
	@touch $@

$(INSTALLED): $(DEVELOPMENT) meltano.yml
	@echo "Installing the plugins of meltano.yml ..."
	@$(MELTANO) install
	@mkdir -p .meltano/run .meltano/logs .planwerk state
	@chmod -R go-rwx .meltano/run .meltano/logs .meltano/meltano.db .planwerk state
	@touch $@

# Meltano keeps what a tap says of its streams; of a tap that was changed since, it asks again.
$(PLUGINS): $(INSTALLED) $(wildcard tap-*/tap_*/*.py tap-*/tap_*/*/*.py)
	@rm -f .meltano/run/tap-*/tap.properties.cache_key
	@touch $@

install: $(PLUGINS)

demo: $(PLUGINS)
	@$(BIN)/planwerk demo

sync: $(PLUGINS)
	@$(BIN)/planwerk sync $(SOURCE)

status: $(PLUGINS)
	@$(BIN)/planwerk status $(if $(FORMAT),--format $(FORMAT))

doctor: $(PLUGINS)
	@$(BIN)/planwerk doctor

report: $(PLUGINS)
	@$(BIN)/planwerk report

test: $(PLUGINS)
	@$(BIN)/python -m pytest -n 3

chaos: $(PLUGINS)
	@$(BIN)/python tests/chaos/run.py --seeds $(or $(SEEDS),20) --first-seed $(or $(FIRST_SEED),1)

lint: $(DEVELOPMENT)
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy

format: $(DEVELOPMENT)
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

bench: $(PLUGINS)
	@$(BIN)/python bench/run.py $(PART)

bench-check: $(PLUGINS)
	@$(BIN)/python bench/check.py

# Of its own environment, for it needs the network and has libraries that nothing else needs.
audit: $(VENV)/bin/uv
	@$(BIN)/uv tool run --from pip-audit==$(PIP_AUDIT_VERSION) pip-audit \
	  --requirement requirements.lock --disable-pip --strict

lock: $(VENV)/bin/uv
	@$(BIN)/uv pip compile requirements.in --universal --python-version 3.10 --generate-hashes \
	  --no-header --no-annotate --upgrade --quiet --output-file requirements.lock

raw-tables: $(DEVELOPMENT)
	@for source in teamwork missive craft; do \
	  catalog=$$($(BIN)/tap-$$source --discover) || exit 1; \
	  printf '%s' "$$catalog" | $(BIN)/python transform/generate_raw_tables.py $$source || exit 1; \
	  printf '%s' "$$catalog" | $(BIN)/python operate/note_catalog.py $$source || exit 1; \
	done

reference: $(DEVELOPMENT)
	@$(BIN)/python transform/generate_reference.py

clean:
	@if [ -x $(BIN)/planwerk-warehouse ]; then $(BIN)/planwerk-warehouse down; fi
	@rm -rf $(VENV) .meltano .planwerk state planwerk-report.html .mypy_cache .ruff_cache .pytest_cache .hypothesis
