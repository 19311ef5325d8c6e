# Everything runs inside .venv and a home folder; nothing is installed or written elsewhere.
# `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
HOME_DIR ?= home
VENV := .venv
SUPERSET := .venv-superset
SPARK := .venv-spark
BENCH := .venv-bench
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# What `make bench` measures, and where it keeps the results; benchmarks/README.md has all cases, their time and disk.
SIZES ?= 1 10 10:parquet
RESULTS ?= benchmarks/results
# A warehouse that lints may compile against; never a company's own.
LINT_HOME := target/lint

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DAGSTER_DISABLE_TELEMETRY := true
export GX_ANALYTICS_ENABLED := false
export DBT_PROFILES_DIR := $(CURDIR)

.PHONY: help run test test-slow lint lint-python lint-dbt format up dashboard docs browser superset spark spark-env java test-spark test-spark-quick test-spark-cluster bench lock env clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: env ## Generate the sample company, load, check and publish it
	@$(BIN)/kaw sample --home $(HOME_DIR)
	@$(BIN)/kaw run --home $(HOME_DIR)

test: env ## Pass every test but the slow ones (less than twenty minutes on two cores)
	$(BIN)/python -m pytest tests -m "not slow" -n 2 --dist loadgroup --durations 20 --durations-min 10

test-slow: env ## The tests that take minutes each: kill -9, full refresh, month-by-month loading, larger samples
	$(BIN)/python -m pytest tests -m slow

lint: env ## Style, types, SQL, documentation and structure of the dbt project
	@$(MAKE) --no-print-directory --jobs 2 lint-python lint-dbt

lint-python: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-dbt: env
	@bash .ci/lint_dbt $(BIN) $(LINT_HOME)

format: env ## Put Python and SQL into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

up: env ## Serve the Dagster UI on 127.0.0.1:3000, with schedule and sensor
	$(BIN)/kaw up --home $(HOME_DIR)

dashboard: env ## Serve the dashboard of the home's release on 127.0.0.1:8081
	$(BIN)/kaw dashboard --home $(HOME_DIR)

browser: ## Install what the browser tests need from Debian: Chromium and a Chinese font (as root)
	apt-get install --yes --no-install-recommends chromium fonts-wqy-microhei

superset: $(SUPERSET)/.complete ## Serve Superset with the key-account dashboard on 127.0.0.1:8088, from an environment of its own
	@bi/superset/start.sh $(SUPERSET) $(HOME_DIR)

spark: $(SPARK)/.complete ## Build the models of the home, once loaded, on Apache Spark as well, check and publish them: slow, a proof
	$(SPARK)/bin/python -m orchestration.spark --home $(HOME_DIR)

spark-env: $(SPARK)/.complete ## Install Spark beside everything else, in an environment of its own

java: ## Install the Java that Spark runs on from Debian (as root)
	apt-get install --yes --no-install-recommends openjdk-17-jre-headless

test-spark: $(SPARK)/.complete ## Build a small company on DuckDB and on Spark and compare all marts and both releases (half an hour)
	$(SPARK)/bin/python -m pytest tests/spark --ignore tests/spark/quick --ignore tests/spark/cluster

test-spark-quick: $(SPARK)/.complete ## Compare the marts most at risk between DuckDB and Spark, after two builds of each (seven minutes beside other work, part of CI)
	$(SPARK)/bin/python -m pytest tests/spark/quick tests/spark/test_comparison_sees.py --durations 5 --durations-min 1

test-spark-cluster: $(SPARK)/.complete ## Build all marts on a Spark cluster of two workers, kill one, compare with DuckDB (half an hour)
	$(SPARK)/bin/python -m pytest tests/spark/cluster

docs: env ## Build the dbt docs of the warehouse in $(HOME_DIR) and serve them on 127.0.0.1:8080
	KAW_WAREHOUSE=$(HOME_DIR)/warehouse/key_accounts.duckdb KAW_TEMP_DIRECTORY=$(HOME_DIR)/warehouse/tmp \
		$(BIN)/dbt docs generate --static --target-path $(HOME_DIR)/dbt/docs
	$(BIN)/python -m http.server 8080 --bind 127.0.0.1 --directory $(HOME_DIR)/dbt/docs

bench: env $(BENCH)/.complete ## Measure $(SIZES), the floor and what others use instead; make docs/benchmarks.md (an hour)
	$(BIN)/python benchmarks/run.py --results $(RESULTS) $(SIZES)
	$(BENCH)/bin/python benchmarks/plot.py --results $(RESULTS)

lock: env ## Resolve every requirements.in into its requirements.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		requirements-uv.in --output-file requirements-uv.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		requirements.in --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		bi/superset/requirements.in --output-file bi/superset/requirements.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--constraint requirements.lock requirements-spark.in --output-file requirements-spark.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--constraint requirements.lock requirements-benchmarks.in --output-file requirements-benchmarks.lock

env: $(VENV)/.complete

# --no-deps: the lock is the whole truth, so nobody need (and with hashes cannot) resolve again.
# uv installs in a third of pip's time, but reads no configuration of pip's: it is told the index, and where it
# cannot install, as behind a mirror that asks for a password, pip does.
# $(1) is the environment, $(2) the lock and what else both are told; only uv knows $(3).
define install
index="$${PIP_INDEX_URL:-$$($(1)/bin/python -m pip config get global.index-url 2>/dev/null)}"; \
	$${index:+env UV_DEFAULT_INDEX="$$index"} $(1)/bin/uv pip install --quiet --python $(1)/bin/python --no-deps \
		--require-hashes $(3) --requirement $(2) \
	|| $(1)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes --requirement $(2)
endef

$(VENV)/.complete: requirements-uv.lock requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --no-deps --require-hashes --requirement requirements-uv.lock
	$(call install,$(VENV),requirements.lock,--compile-bytecode)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Superset's pandas has no wheels for Python 3.13; give PYTHON=python3.12 where python3 is newer.
$(SUPERSET)/.complete: bi/superset/requirements.lock
	test -x $(SUPERSET)/bin/python || $(PYTHON) -m venv $(SUPERSET)
	$(SUPERSET)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes \
		--requirement bi/superset/requirements.lock
	touch $@

# pyspark comes as source; its build asks no index, for setuptools is in the first lock.
$(SPARK)/.complete: requirements-uv.lock requirements.lock requirements-spark.lock pyproject.toml
	test -x $(SPARK)/bin/python || $(PYTHON) -m venv $(SPARK)
	$(SPARK)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes \
		--requirement requirements-uv.lock
	$(call install,$(SPARK),requirements.lock)
	$(call install,$(SPARK),requirements-spark.lock --no-build-isolation)
	$(SPARK)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(BENCH)/.complete: requirements-benchmarks.lock
	test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes \
		--requirement requirements-benchmarks.lock
	touch $@

clean: ## Remove build output; homes and the virtual environment stay
	rm -rf target logs *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
