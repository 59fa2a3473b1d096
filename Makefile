# Everything a learner or a contributor runs. `make` alone lists the commands.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Any Python from 3.11 will do; to name one: make lab PYTHON=/path/to/python. Python 3.11 is tried first, because the
# stored outputs were made with it. Where there is none, uv brings one, if it is there.
FOUND = $(shell for p in $(if $(PYTHON),"$(PYTHON)",python3.11 python3.12 python3.13 python3.14 python3 python); do \
	{ $(call new_enough,"$$p"); } 2>/dev/null && { echo "$$p"; break; }; done)
new_enough = $1 -c 'import sys; sys.exit(sys.version_info < (3, 11))'
UV = $(if $(PYTHON),,$(shell command -v uv 2>/dev/null))

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
	$(if $(FOUND),$\
	Python could not make .venv: install its venv module (Debian and Ubuntu: apt install $(notdir $(FOUND))-venv) and run make again,$\
	uv could not bring Python 3.11: check the internet connection and run make again; the details are in $(LOG)))

no_python = $(if $(PYTHON),$\
	$(PYTHON) is not Python 3.11 or newer: name one that is and run make again,$\
	Python 3.11 or newer was not found: install it from https://www.python.org/downloads/ and run make again)

MAKE_VENV = $(if $(FOUND),"$(FOUND)" -m venv --clear .venv,rm -rf .venv && uv venv --seed --python 3.11 .venv)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --log=$(LOG)
PIP_INSTALL := $(PIP) install --root-user-action=ignore --progress-bar=off

# On Linux, pip fetches PyTorch with CUDA, three gigabytes that nobody without an NVIDIA GPU can use. There, PyTorch's
# own index is asked for the CPU-only build first, in one short try. Where that fails, the usual package comes with the
# rest, and the error is no longer called one in the log, where `advice` looks for the reason of a failure.
CPU_INDEX := https://download.pytorch.org/whl/cpu
GPU_DRIVER := /proc/driver/nvidia
TORCH = $(shell sed -n 's/^torch==//p' requirements.txt)
wants_cpu_torch = [ -n "$(TORCH)" ] && [ "$$(uname -s)" = Linux ] && ! [ -e $(GPU_DRIVER) ] && ! command -v nvidia-smi && \
	! ls -d .venv/lib/python3*/site-packages/torch-$(TORCH)[.+]*
cpu_torch = if { $(wants_cpu_torch); } >/dev/null 2>&1; then \
	{ timeout 8 $(PIP) index versions torch --index-url=$(CPU_INDEX) --retries=0 >/dev/null && \
	$(PIP_INSTALL) --no-deps torch==$(TORCH) --index-url=$(CPU_INDEX) --retries=0; } 2>&1 || \
	sed -i 's/ERROR: /no CPU-only build: /' $(LOG) 2>/dev/null; fi

$(READY): requirements.txt pyproject.toml
	$(if $(FOUND)$(UV),,$(error $(no_python)))
	@built_for=$$(cat $@ 2>/dev/null || echo "$(CURDIR)"); rm -f $@ $(LOG); \
	echo "Installing what the course needs into .venv (a few minutes the first time) ..."; \
	if [ "$$built_for" != "$(CURDIR)" ] || ! { $(call new_enough,$(BIN)/python) && $(BIN)/python -m pip --version; } >$(LOG) 2>&1; \
	then { $(MAKE_VENV); } >$(LOG) 2>&1; fi; \
	{ $(cpu_torch); $(PIP_INSTALL) -r requirements.txt 2>&1 && echo "$(CURDIR)" >$@; } \
	| awk '/Downloading .*[MG]B\)/ {sub(/^ */, "  "); print; fflush()}'

FORCE:
.PHONY: help lab reset test lint notebooks bench clean ready FORCE
