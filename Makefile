PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2

.PHONY: demo test check warm lint format slow sweep clean

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: .venv/ready
	$(BIN)/codegen demo

test: warm
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not slow"

check: .venv/ready
	$(MAKE) --jobs $(WORKERS) lint warm
	$(MAKE) test

warm: .venv/ready
	$(BIN)/python -m codegen.warm

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

slow: .venv/ready
	$(BIN)/python -m pytest -m slow

sweep: .venv/ready
	$(BIN)/python benchmarks/sweep.py

clean:
	rm -rf .venv dist demo_out .mypy_cache .pytest_cache .ruff_cache .hypothesis
