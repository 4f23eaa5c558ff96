# Everything a person types to build, try and check driftloop. It lands in .venv,
# from requirements.lock alone; the machine needs make and Python 3.11 to 3.13.

PYTHON ?= python3 python3.13 python3.12 python3.11

BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-servers test-all check lock clean

# without .pyc files every process compiles all its imports again
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(INSTALLED) ## See driftloop at work on a Prefect server: alarms, retrains, one page (KEEP=1: left up; S3=1: store on S3)
	@$(BIN)/driftloop demo $(if $(KEEP),--keep) $(if $(S3),--s3)

test: $(INSTALLED) ## Run the tests, all but the slow ones
	@$(BIN)/pytest -m "not slow" -n 3 --dist loadfile

test-servers: $(INSTALLED) ## Run the slow tests that start whole servers of their own
	@$(BIN)/pytest -m server -n 2 --dist loadfile

test-all: $(INSTALLED) ## Run every test
	@$(BIN)/pytest -n 2 --dist loadfile

check: $(INSTALLED) ## Check format, lint rules, types and import contracts
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

lock: $(INSTALLED) ## Resolve requirements.lock again (UPGRADE=--upgrade: newest versions)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --group build --group demo --group dev $(UPGRADE) \
	  pyproject.toml -o requirements.lock

clean: ## Remove .venv and caches; the store in .driftloop stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first of PYTHON that can make a virtual environment.
is_usable = import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))

# Two makes at once: the second waits here, then finds the work done.
define run_alone
import fcntl, os, sys
lock = os.open("requirements.lock", os.O_RDWR | os.O_APPEND)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Waiting for another make that installs into .venv", file=sys.stderr)
    fcntl.flock(lock, fcntl.LOCK_EX)
os.set_inheritable(lock, True)
os.execvp(sys.argv[1], sys.argv[1:])
endef

ifndef INSTALL_WITH

$(INSTALLED): export RUN_ALONE = $(run_alone)
$(INSTALLED): requirements.lock pyproject.toml
	@for python in $(PYTHON); do \
	  if "$$python" -c '$(is_usable)' 2>/dev/null; then \
	    exec "$$python" -c "$$RUN_ALONE" $(MAKE) --silent --no-print-directory INSTALL_WITH="$$python" $@; \
	  fi; \
	done; \
	echo 'driftloop needs Python 3.11, 3.12 or 3.13 that can make virtual environments.' >&2; \
	echo 'Tried: $(PYTHON). Debian and Ubuntu: apt install python3-venv.' >&2; \
	echo 'Another interpreter: make PYTHON=/path/to/python3.12 ...' >&2; \
	exit 1

else

$(INSTALLED): requirements.lock pyproject.toml
	@echo 'Installing what requirements.lock lists into .venv (about 1 GB; a minute or more)' >&2
	@test -e $@ && $(BIN)/python -c '$(is_usable)' 2>/dev/null \
	  || "$(INSTALL_WITH)" -m venv --clear .venv # also after an install that was cut short
	@rm -f $@ && touch .venv/.started
	@sed -n '/^uv==/,/# via/p' requirements.lock > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  --only-binary :all: -r .venv/uv.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes \
	  --build-constraint requirements.lock requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@mv .venv/.started $@

endif
