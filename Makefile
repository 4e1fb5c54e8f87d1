# Needs python3 (3.11 or newer), make and a package registry; each target sets up
# .venv itself, once, from a lock file whose hashes are checked.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
RUN_READY := .venv/ready-to-run
DEV_READY := .venv/ready-to-develop

.PHONY: help digest demo test hostile faults check format bench soak quality lock clean

help:
	@echo "make digest   this week's ranked digest, from the real sources"
	@echo "make demo     all of it on a sample, without a network"
	@echo "make test     the tests (ARGS='-k daemon' picks some)"
	@echo "make hostile  what hostile servers and files can do to it (ARGS=fuzz looks for more)"
	@echo "make faults   what failing machines and mail servers do to a digest (1,000 runs)"
	@echo "make check    format, lint, types, layers"
	@echo "make bench    what is measured, as ratios (ARGS=fortnight: how polite it is)"
	@echo "make soak     four simulated weeks of the daemon, with failures and restarts"
	@echo "make quality  how good the judgement is (DATA=FOLDER; see docs/quality.md)"
	@echo "make format   put the code in form"
	@echo "make lock     renew the lock files"
	@echo "make clean    remove .venv and what was built"

digest: $(RUN_READY)
	@$(BIN)/tracker digest $(ARGS)

demo: $(RUN_READY)
	@$(BIN)/tracker demo $(ARGS)

test: $(DEV_READY)
	@$(BIN)/python -m pytest $(ARGS)

hostile: $(DEV_READY)
	@$(BIN)/python -m tests.hostile $(ARGS)

faults: $(DEV_READY)
	@$(BIN)/python -m tests.faults $(ARGS)

check: $(DEV_READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEV_READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(DEV_READY)
	@$(BIN)/python -m benchmarks $(ARGS)

soak: $(DEV_READY)
	@$(BIN)/python -m benchmarks soak $(ARGS)

DATA ?= $(TRACKER_RECORDED)
quality: $(DEV_READY)
	@test -n "$(DATA)" || { echo "name the recorded input: make quality DATA=FOLDER" >&2; exit 2; }
	@$(BIN)/python -m benchmarks.quality "$(DATA)" $(if $(ONLY),--only $(ONLY)) $(if $(KEEP),--keep "$(KEEP)")

lock: $(DEV_READY)
	@for lock in "requirements.lock --extra setup" "requirements-dev.lock --extra dev --constraint requirements.lock"; do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal pyproject.toml -o $$lock || exit 1; \
	done

clean:
	@rm -rf .venv build dist

.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "tracker needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(RUN_READY): requirements.lock pyproject.toml | .venv
	@echo "setting up .venv (once) …" >&2
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_READY): requirements-dev.lock $(RUN_READY)
	@echo "adding what the tests need (once) …" >&2
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
