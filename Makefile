# Everything runs inside .venv; nothing is installed elsewhere.
SHELL := /bin/bash
PYTHON ?= python3
HOME_DIR ?= home
VENV := .venv
BIN := $(VENV)/bin

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DAGSTER_DISABLE_TELEMETRY := true
export GX_ANALYTICS_ENABLED := false
export DBT_PROFILES_DIR := $(CURDIR)

.PHONY: run env
run: env ## Generate the sample company, run the whole pipeline, publish
	$(BIN)/kaw sample --home $(HOME_DIR)
	$(BIN)/kaw run --home $(HOME_DIR)

env: $(VENV)/.complete ## Build the virtual environment from the lock file

$(VENV)/.complete: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
