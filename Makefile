# Two commands do all the set-up: `make demo` and `make test`. They need Python 3.11 or later with venv, git and make.
PYTHON ?= python3
UV := .tools/bin/uv
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
RUN := .venv/bin

.PHONY: demo test attacks chaos benchmark quick format docs clean
.DEFAULT_GOAL := demo

demo: .venv/ready ## a synthetic country in, a benchmark report out
	scripts/demo.sh

test: quick ## every test; the quick checks come first
	env -u PYTHONDONTWRITEBYTECODE $(RUN)/pytest -n auto --dist loadgroup tests

attacks: .venv/ready ## every attack in every made-up country, and every measure at every level; `make test` does a share of them
	env -u PYTHONDONTWRITEBYTECODE FARR_TESTS=whole $(RUN)/pytest -n auto --dist loadgroup tests/attacks tests/journeys/test_national.py tests/journeys/test_no_person_leaves.py

chaos: .venv/ready ## ten thousand disturbed loads, builds and publications; SEED=… begins as an earlier run did
	$(RUN)/python -m tests.chaos --trials 10000 $(if $(SEED),--seed $(SEED))

quick: .venv/ready ## style, types, import contracts
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports --no-logo
	$(RUN)/pyright

benchmark: .venv/ready ## seconds, memory, disk and growth, beside PostgreSQL and pandas; about 20 minutes on idle cores
	env -u PYTHONDONTWRITEBYTECODE $(RUN)/python benchmarks/run.py $(BENCHMARK)

format: .venv/ready
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

docs: .venv/ready ## pages of every measure, feed and policy, from their declarations
	$(RUN)/farr docs --out site --examples tests/spec/measures

.venv/ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --python $(PYTHON)
	@touch $@

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Farr needs Python 3.11 or later; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

clean:
	rm -rf .venv .tools demo site
