# Two commands: `make up` sets everything up and rehearses one environment under the policy pack; `make test` runs the tests.
STACK ?= dev-aws
PYTHON ?= python3
BIN := .venv/bin
DONE := .tools/done
# Tests that load a cloud's SDK, start servers or other processes take seconds: the pure ones stand apart, and so are quick.
PROCESSES := tests/catalogue/refresh tests/tools tests/policies/test_remedies.py tests/test_architecture.py
WITH_SDKS := tests/components tests/rehearsal
PURE := $(filter-out $(PROCESSES) $(WITH_SDKS) tests/engine tests/kubernetes tests/__init__.py tests/__pycache__ tests/conftest.py,$(wildcard tests/*))
NOT_PURE := $(PROCESSES:%=--ignore=%)

.PHONY: up test test-pure test-kubernetes control-plane check format lock setup clean
.DELETE_ON_ERROR:

up: setup
	$(BIN)/drydock rehearse $(STACK) --policy-pack policies

test: setup
	$(BIN)/pytest -n 2 $(PURE) $(NOT_PURE)
	$(BIN)/pytest -n 2 -m "not engine" $(PROCESSES) $(WITH_SDKS)
	$(BIN)/pytest -n 2 -m engine tests/engine $(WITH_SDKS)

test-pure: setup
	$(BIN)/pytest -n 2 $(PURE) $(NOT_PURE)

# Not part of `make test`: needs Go, and builds for about a quarter of an hour the first time.
test-kubernetes: control-plane
	$(BIN)/pytest -m kubernetes tests/kubernetes

control-plane: setup
	@$(BIN)/python -m tools.control_plane.install

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/drydock schema --check

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup
	$(BIN)/pip-compile --quiet --generate-hashes --all-extras --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.txt pyproject.toml

setup: $(DONE)/packages
	@$(BIN)/python tools/pulumi/install.py

$(DONE)/packages: requirements.txt pyproject.toml
	@echo "Python packages: creating .venv and installing what requirements.txt locks (once, about 2 minutes, 1.2 GB)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Drydock needs Python 3.11 or later, this is " + sys.version.split()[0] + ": make up PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@mkdir -p $(DONE) && touch $@

clean:
	rm -rf .venv .tools .drydock
