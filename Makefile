# Everything a learner or a contributor runs. `make` alone lists the commands.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Any Python 3.11 will do; to name one: make lab PYTHON=/path/to/python3.11
PYTHON ?= $(shell for p in python3.11 python3 python; do $(call is_3_11,$$p) 2>/dev/null && { echo $$p; break; }; done)
is_3_11 = $1 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'

BIN   := .venv/bin
READY := .venv/.ready
LOG   := .install.log

# An environment that was built elsewhere (the folder was moved) or whose Python is gone is built again.
ifneq ($(shell test -x $(BIN)/python && cat $(READY) 2>/dev/null),$(CURDIR))
$(READY): FORCE
endif

# One fixed environment for whatever executes a notebook, so that stored and fresh outputs agree: without the user's
# own IPython and Matplotlib settings, without a learner's desk, and with one thread a process, so that sums do not
# depend on the core count.
FIXED := env COURSE_DESK= MPLBACKEND=module://matplotlib_inline.backend_inline PYTHONHASHSEED=0 \
	IPYTHONDIR="$(CURDIR)/.venv/ipython" MPLCONFIGDIR="$(CURDIR)/.venv/matplotlib" \
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

lab: ready ## bring your desk up to date and open it in JupyterLab
	@$(BIN)/python tools/lab.py

reset: ready ## a fresh copy of a chapter, yours to the backups: make reset CHAPTER=06
	@$(BIN)/python tools/desk.py reset $(CHAPTER)

test: lint ## run every test, as CI does
	$(FIXED) $(BIN)/python -m pytest -q -n auto --dist worksteal tests --ignore=tests/browser
	$(FIXED) $(BIN)/python -m pytest -q -n auto --dist loadscope --nbval --nbval-current-env \
		--nbval-sanitize-with tests/nbval_sanitize.cfg notebooks
	$(BIN)/python -m pytest -q -n 3 --dist worksteal tests/browser --ignore=tests/browser/test_latency.py
	$(BIN)/python -m pytest -q tests/browser/test_latency.py

lint: ready ## look for mistakes and untidy layout
	$(BIN)/ruff check
	$(BIN)/ruff format --check

notebooks: ready ## run every chapter again and store its outputs
	@$(FIXED) $(BIN)/python tools/execute_notebooks.py $(CHAPTERS)

bench: ready ## measure the speed of the code and of the sliders
	@for f in tests/benchmarks/bench_*.py; do $(BIN)/python -m tests.benchmarks.$$(basename $$f .py) || exit 1; done

clean: ## remove the environment and what the tests left behind; your own my_course/ stays
	rm -rf .venv $(LOG) .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find . -path ./my_course -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# A missing Python or a failed installation stops with one line that says what to do. (The recipe of $(READY) never
# fails, or make would add a line of its own; `ready` looks whether it got to its end, where it writes $(READY).)
ready: $(READY)
	@$(if $(shell test -e $(READY) || echo no),$(error $(advice)),:)

advice = $(if $(shell $(BIN)/python -m pip --version 2>/dev/null),$\
	The packages could not be installed ($(shell grep -o 'ERROR: .*' $(LOG) | tail -n 1)): $\
	check the internet connection and run make again; the details are in $(LOG),$\
	Python could not make .venv: install its venv module (Debian and Ubuntu: apt install python3.11-venv) and run make again)

PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --root-user-action=ignore --no-input \
	--progress-bar=off --log=$(LOG)

$(READY): requirements.txt pyproject.toml
	$(if $(PYTHON),,$(error Python 3.11 was not found: install it from https://www.python.org/downloads/ and run make again))
	@built_for=$$(cat $@ 2>/dev/null || echo "$(CURDIR)"); rm -f $@ $(LOG); \
	echo "Installing what the course needs into .venv (a few minutes the first time) ..."; \
	if [ "$$built_for" != "$(CURDIR)" ] || ! { $(call is_3_11,$(BIN)/python) && $(BIN)/python -m pip --version; } >$(LOG) 2>&1; \
	then "$(PYTHON)" -m venv --clear .venv >$(LOG) 2>&1; fi; \
	{ $(PIP_INSTALL) -r requirements.txt 2>&1 && echo "$(CURDIR)" >$@; } \
	| awk '/Downloading .*[MG]B\)/ {sub(/^ */, "  "); print; fflush()}'

FORCE:
.PHONY: help lab reset test lint notebooks bench clean ready FORCE
