# make demo    the station in this terminal, offline, with a virtual printer
# make test    everything that needs python3 alone
# make system  what needs real system parts (.ci/run installs them)
# make bench   the figures of the README, as one table
# make soak    2,000 seeds of stations and center, tickets through every printer fault, a monkey for MINUTES, 2,000
#              visits; by SEED, takes hours
# make release the catalogue release from data/ (made by itself when data/ changed)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RELEASE := data/release/catalog.msgpack
DATA := $(shell find data -path data/release -prune -o -type f -print)

MINUTES ?= 30
SEED ?= 1

.PHONY: demo test system bench soak pictures release lint clean

demo: $(RELEASE)
	@$(BIN)/kiosk demo

test: lint $(RELEASE)
	@$(BIN)/pytest -m "not system" -n auto --maxprocesses 4 --dist loadfile

system: $(RELEASE)
	@$(BIN)/pytest -m system

bench: $(RELEASE)
	@$(BIN)/python -m bench

soak: $(RELEASE)
	@$(BIN)/python -m tests.link.soak $(SEED)
	@$(BIN)/python -m tests.faults.soak $(SEED)
	@$(BIN)/python -m bench.soak $(MINUTES) $(SEED)

# photographs of every page in every size and language into build/pictures, and those of the README; needs what .ci/run installs
pictures: $(RELEASE)
	@$(BIN)/python -m tests.system.pictures

release: $(RELEASE)

lint: $(VENV)/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

$(RELEASE): $(VENV)/ready $(DATA) $(wildcard kiosk/catalog/*.py) kiosk/forms.py kiosk/hours.py kiosk/identity.py kiosk/pinyin.py kiosk/text.py kiosk/tickets.py
	@$(BIN)/kiosk catalog build

# The stamp keeps a second run from asking any package index: it works with no network.
$(VENV)/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kiosk: Python 3.11 or newer is needed; $$($(PYTHON) --version) is too old."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "kiosk: Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) data/release
