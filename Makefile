# Two commands do all the set-up: `make demo` and `make test`. They need Python 3.11 or later with venv, git and make.
PYTHON ?= python3
UV := .tools/bin/uv
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
RUN := .venv/bin

.PHONY: demo code stop test attacks chaos benchmark quick format docs portal-fields sbom weaknesses outdated screenshots clean
.DEFAULT_GOAL := demo

demo: .venv/ready ## a synthetic country in, a benchmark report out, and the portal running
	scripts/demo.sh

code: .venv/ready ## the present one-time password of the demonstration's accounts
	@$(RUN)/python scripts/demo_people.py code

stop: ## ends the demonstration's portal and release service
	scripts/stop.sh

test: quick ## every test; the quick checks come first, and the portal's are run on PostgreSQL too
	scripts/chromium.sh
	env -u PYTHONDONTWRITEBYTECODE $(RUN)/pytest -n auto --dist loadgroup tests
	scripts/on-postgres.sh $(RUN)/pytest -n auto --dist loadgroup tests/web

attacks: .venv/ready ## every attack in every made-up country, every measure at every level, and outliers of every feed; `make test` does a share of them
	env -u PYTHONDONTWRITEBYTECODE FARR_TESTS=whole $(RUN)/pytest -n auto --dist loadgroup tests/attacks tests/journeys/test_national.py tests/journeys/test_no_person_leaves.py tests/journeys/test_outliers.py

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

portal-fields: .venv/ready ## what docs/portal-fields.md says of forms and of what goes with what, from the code
	$(RUN)/python -m scripts.portal_fields

sbom: .venv/ready ## the bill of materials, CycloneDX: every locked library, every script that the portal serves
	$(RUN)/python -m scripts.bill_of_materials dist/farr.cdx.json

weaknesses: .venv/ready ## whether a locked library has a known weakness; it says so where nobody can be asked
	@$(RUN)/python -m scripts.known_weaknesses $(WEAKNESSES)

outdated: .venv/ready ## which locked libraries have newer versions that pyproject.toml allows; nothing is changed
	$(UV) lock --upgrade --dry-run

.venv/ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --python $(PYTHON)
	@touch $@

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Farr needs Python 3.11 or later; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

screenshots: .venv/ready ## a picture of each page of the portal, under docs/screenshots
	scripts/chromium.sh
	mkdir -p docs/screenshots
	FARR_SCREENSHOTS=docs/screenshots $(RUN)/pytest -n0 tests/browser tests/journeys/test_portal.py

clean: stop
	rm -rf .venv .tools demo site
