# `make test` and `make check` are what a change must pass; the rest looks longer and deeper.
PYTHON ?= $(if $(wildcard .venv/bin/python),.venv/bin/python,python3)
MINUTES ?= 5
N ?= 200
SEEDS ?= 500
SIZE ?= S
RUNS ?= 5

.PHONY: help test spark coverage check recipes freeze attack fuzz kill faults differential bench checks

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

test: ## all tests
	$(PYTHON) -m pytest

spark: ## what runs on a Spark cluster, which it starts; needs pip install '.[dev,spark]' and Java
	$(PYTHON) -c 'import pyspark'
	java -version
	$(PYTHON) -m pytest -n0 -m spark tests/engine tests/test_properties.py

coverage: ## all tests, and which branches they run in their own process
	$(PYTHON) -m pytest --cov=crm_kpi --cov-branch --cov-report=term:skip-covered

check: ## lint, format, types, import contracts, generated docs
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as run; run()"
	$(PYTHON) docs/generate.py --check

recipes: ## a KPI and a column, added in a copy as CONTRIBUTING.md says
	$(PYTHON) -m tests.recipes

freeze: ## whether all that the program says is what it was; RENEW=1 after a change that is meant
	$(PYTHON) -m tests.freeze $(if $(RENEW),--renew)

attack: ## what strangers could do, all of it bounded: MINUTES=5 a fuzzer, N=200 kills
	$(PYTHON) -m tests.bounds.files
	$(PYTHON) -m tests.faults.fuzz --minutes $(MINUTES)
	$(PYTHON) -m tests.faults.fuzz_workbooks --minutes $(MINUTES)
	$(PYTHON) -m tests.faults.kill --runs $(N)
	$(PYTHON) -m tests.faults.faults

fuzz: ## damaged files through the program, for MINUTES=5
	$(PYTHON) -m tests.faults.fuzz --minutes $(MINUTES)
	$(PYTHON) -m tests.faults.fuzz_workbooks --minutes $(MINUTES)

kill: ## N=200 runs that write, killed at random moments
	$(PYTHON) -m tests.faults.kill --runs $(N)

faults: ## the n-th open, read, write, fsync, replace fails, for every n
	$(PYTHON) -m tests.faults.faults

differential: ## every KPI against plain Python, over SEEDS=500 random companies
	CRM_KPI_SEEDS=$(SEEDS) $(PYTHON) -m pytest tests/oracle/test_differential.py

bench: ## times against the peers, SIZE=S|M|L, RUNS=5
	$(PYTHON) benchmarks/run.py --size $(SIZE) --runs $(RUNS)

checks: ## what the trust checks cost in a report, SIZE=S|M|L, RUNS=5
	$(PYTHON) benchmarks/checks.py --size $(SIZE) --runs $(RUNS)
