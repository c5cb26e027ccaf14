PY ?= python3
BIN := .venv/bin

.PHONY: run test test-all setup ui bench codebook readme

# The sample in raw/sample/ (and whatever else lies below raw/) becomes one version in output/.
run: setup
	$(BIN)/dateline run

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not slow"

test-all: test
	$(BIN)/pytest -m slow

ui: setup
	$(BIN)/dateline serve --ui

bench: setup
	$(BIN)/python ../shared/bench/score.py all
	$(BIN)/python ../shared/bench/speed.py

codebook: setup
	$(BIN)/dateline codebook --write schemas/CODEBOOK.md

# Runs every block of README.md on a fresh sample and writes what it printed.
readme: setup
	$(BIN)/python scripts/refresh_readme.py

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	$(PY) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("dateline needs Python 3.11 or newer; run make PY=/path/to/python3.12")'
	$(PY) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
