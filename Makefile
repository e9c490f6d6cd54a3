# Two commands are enough: `make run` and `make test`. Each installs what it needs first.
# Written for GNU make 3.81, which is what macOS has.

python = .venv/bin/python
# All tests run on all cores, and a core with nothing left to do takes some from another; some of them
# (make test ARGS="...") run one after the other.
ARGS = -n auto --dist worksteal
# Python 3.12 and newer can count covered lines at next to no cost.
coverage_core = $(shell $(python) -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")')
# As the hash in Pipfile.lock hangs on pip's settings, it is made and checked without any, as on the machines we deploy to.
pipenv = env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null .tools/bin/python -m pipenv

# pipenv keeps to this folder, whatever environment surrounds us.
export PIPENV_VENV_IN_PROJECT = 1
export PIPENV_IGNORE_VIRTUALENVS = 1
unexport VIRTUAL_ENV PIPENV_ACTIVE PIPENV_CUSTOM_VENV_NAME PIPENV_DEFAULT_PYTHON_VERSION PIPENV_PIPFILE PIPENV_PYTHON

.PHONY: help run test coverage lint lock bench bench-catalogue bench-growth clean sync sync-dev

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s  %s\n", $$1, $$2 }' Makefile

run: sync  ## install what is needed and serve on http://127.0.0.1:8000 (PORT=9000 make run: another port)
	@exec $(python) -m bin.serve

test: sync-dev  ## install what is needed and run the tests (make test ARGS="tests/search -k phrase": some of them)
	@bin/test-needs
	@$(python) -m pytest $(ARGS)

coverage: sync-dev  ## the same, and say which lines no test has run
	@bin/test-needs
	@COVERAGE_CORE=$(coverage_core) $(python) -m pytest --cov=bookreviews $(ARGS)

lint: sync-dev  ## check style, migrations and locked packages
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(pipenv) verify
	@bin/lint

lock: sync  ## bring Pipfile.lock up to date with Pipfile and with the packages' newest versions
	@$(pipenv) lock
	@$(python) bin/lock.py

bench: ARGS =
bench: sync-dev  ## measure what a request costs, beside a bare Flask (make bench ARGS=--write: into docs/performance.md)
	@bin/test-needs
	@$(python) -m benchmarks.speed $(ARGS)

bench-catalogue: sync-dev  ## measure import, search, a page's weight, log-in and scores (make bench-catalogue CATALOGUE=books.csv)
	@test -f "$(CATALOGUE)" || { echo 'Which catalogue? make bench-catalogue CATALOGUE=path/to/books.csv' >&2; exit 2; }
	@$(python) -m benchmarks.import_catalogue "$(CATALOGUE)"
	@$(python) -m benchmarks.search "$(CATALOGUE)"
	@$(python) -m benchmarks.page_weight
	@$(python) -m benchmarks.log_in
	@$(python) -m benchmarks.trust

bench-growth: sync-dev  ## measure every list on a small and on a large catalogue, which takes an hour and 20 GB of disk
	@$(python) -m benchmarks.growth

clean:  ## remove what these commands made, but not the site's data (instance/)
	rm -rf .venv .tools .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -prune -exec rm -rf {} +

sync:
	@bin/sync

sync-dev:
	@bin/sync --dev
