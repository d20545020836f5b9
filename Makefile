# batchtx: `make demo` and `make test` are all that a fresh clone needs (Python 3.11 or newer).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --disable-pip-version-check
CONSTRAINTS := -c constraints.txt
TORCH_VERSION := $(shell sed -n 's/^torch==//p' constraints.txt)
TORCH_CPU_INDEX ?= https://download.pytorch.org/whl/cpu

# Tests run in as many processes as there are cores, one file of tests in one of them.
PARALLEL ?= -n auto --dist loadfile

# make translate DOCS=docs OUT=out GLOSSARY=glossaries/general.csv
DOCS ?= samples
OUT ?=
GLOSSARY ?=
FLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo translate test test-all fuzz check fmt lint type floors bench messages docs man pictures page-pictures wheel clean

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: $(VENV)/.core ## Install into .venv and translate samples/ into samples.en/
	$(BIN)/batchtx translate samples -o samples.en $(addprefix -g glossaries/,general.csv legal.csv finance.csv software.csv)
	@echo "documents: samples.en/   review sheet: samples.en/review.csv"

translate: $(VENV)/.core ## Translate DOCS into OUT with GLOSSARY
	$(BIN)/batchtx translate $(DOCS) $(if $(OUT),-o $(OUT)) $(addprefix --glossary ,$(GLOSSARY)) $(FLAGS)

test: $(VENV)/.dev ## Run the tests (under 5 minutes on two cores)
	$(BIN)/python -m pytest -q $(PARALLEL)

test-all: $(VENV)/.dev ## Run the slow tests too (CI does)
	-$(PIP) install -q $(CONSTRAINTS) -e ".[voice-test]"
	$(BIN)/python -m pytest -q -m "not gpu" $(PARALLEL)

fuzz: $(VENV)/.dev ## Random documents and sheets for FUZZ_S seconds (an hour) from FUZZ_SEED (1)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.fuzz --seconds $(or $(FUZZ_S),3600) --seed $(or $(FUZZ_SEED),1) $(FUZZ_FLAGS)

check: lint type floors test ## Everything that must be green before a commit

fmt: $(VENV)/.dev ## Format the code
	$(BIN)/ruff format batchtx tests samples
	$(BIN)/ruff check --fix -q batchtx tests samples

lint: $(VENV)/.dev ## Format and style
	$(BIN)/ruff format --check batchtx tests samples
	$(BIN)/ruff check batchtx tests samples

type: $(VENV)/.dev ## Types
	$(BIN)/mypy

floors: $(VENV)/.dev ## Imports go down only
	$(BIN)/lint-imports --config setup.cfg --no-cache

bench: $(VENV)/.dev ## Measure on this machine
	$(BIN)/batchtx bench throughput

messages: $(VENV)/.dev ## Collect messages for translators and compile their catalogues
	$(BIN)/python docs/messages.py

docs: $(VENV)/.core ## Write docs/cli.md from --help, and the list of modules in docs/architecture.md
	$(BIN)/python -m batchtx.cli.reference > docs/cli.md
	$(BIN)/python docs/tree.py

man: $(VENV)/.core ## Write manual pages into OUT (build/man): man -l build/man/batchtx.1
	$(BIN)/python -m batchtx.cli.reference --man $(or $(OUT),build/man)

pictures: $(VENV)/.core ## Draw DOCS before and after, side by side, into OUT (needs soffice, pdftoppm)
	$(BIN)/python docs/pictures.py $(DOCS) -o $(or $(OUT),pictures) $(FLAGS)

page-pictures: $(VENV)/.dev ## Draw the page of batchtx serve into OUT (docs; needs Chromium)
	$(BIN)/python docs/page_pictures.py -o $(or $(OUT),docs) $(FLAGS)

wheel: $(VENV)/.dev ## Build dist/: source archive and wheel, default student and glossaries included
	$(BIN)/python -m build

clean: ## Remove what was made
	rm -rf $(VENV) build dist *.egg-info samples.en .batchtx .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "batchtx needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: setup.cfg constraints.txt | $(BIN)/python
	$(PIP) install -q $(CONSTRAINTS) -e .
	@touch $@

# The CPU build of torch: offered beside the registry, or from PyTorch's own index, or the plain one.
$(VENV)/.dev: setup.cfg constraints.txt | $(BIN)/python
	$(PIP) install -q "torch==$(TORCH_VERSION)+cpu" 2>/dev/null \
	  || $(PIP) install -q "torch==$(TORCH_VERSION)" --index-url $(TORCH_CPU_INDEX) 2>/dev/null \
	  || $(PIP) install -q "torch==$(TORCH_VERSION)"
	$(PIP) install -q $(CONSTRAINTS) -e ".[dev]"
	@touch $@ $(VENV)/.core
