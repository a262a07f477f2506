# `make help` lists the targets. Each sets up .venv by itself.
# PYTHON=/path/to/python3 chooses the interpreter; without it, the first python3 that is new enough.

PYTHON ?=
PY := .venv/bin/python
PYTEST := $(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder \
	--nbval --nbval-sanitize-with tests/nbval.cfg --nbval-current-env tests notebooks
MAKEFLAGS += --no-print-directory

# The same notebook must give the same page on every desk: no settings from the reader's home, no
# foreign packages, and never a drawing backend that swallows pictures.
# Compiled modules are kept, or each kernel and each command would compile pandas anew.
unexport MPLBACKEND PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
export IPYTHONDIR := $(CURDIR)/.venv/etc/ipython
export MPLCONFIGDIR := $(CURDIR)/.venv/etc/matplotlib

.PHONY: help setup report test check acceptance lab notebooks dictionary catalogues lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: ## make .venv from requirements.lock; nothing to do when it is already right
	@sh .ci/setup '$(PYTHON)'

report: setup ## build the sample report; the last line is the path of its page
	@$(PY) -m kit run sample
	@echo "$$PWD/reports/sample/out/public/en/index.html"

test: setup ## run the tests, and every notebook against its stored results
	$(PYTEST) -m "not slow and not browser"

check: setup ## run everything: also types, slow tests, more examples and pages in a browser
	DAYLIGHT_LONG=1 $(PYTEST)

acceptance: setup ## measure the findings in worlds whose truth is known (hours; goes on where it stopped)
	@$(PY) -m tests.acceptance

lab: setup ## open the notebooks in JupyterLab
	$(PY) -m jupyterlab notebooks

notebooks: setup ## run the notebooks on the sample and store their results
	$(PY) -m kit notebooks

dictionary: setup ## write data/README.md, docs/formats.md and the README's table of formats
	@$(PY) -m kit dictionary > data/README.md.new
	@mv data/README.md.new data/README.md
	@$(PY) -m kit dictionary --formats > docs/formats.md.new
	@mv docs/formats.md.new docs/formats.md
	@$(PY) -c 'from pathlib import Path; from kit.loaders import about; p = Path("README.md"); p.write_text(about.put_into(p.read_text("utf-8")), "utf-8")'

catalogues: setup ## collect new texts into the translation catalogues and say what is left to translate
	@$(PY) -m kit.locale.extract

# one version for all Pythons where there is one: another numpy draws other random numbers
lock: ## resolve the dependencies of pyproject.toml again (needs uv)
	uv pip compile -q --upgrade --universal --fork-strategy fewest --generate-hashes --python-version 3.11 \
		--extra test --extra lang --extra media --no-header --no-emit-index-url --no-annotate pyproject.toml -o requirements.lock

clean: ## remove .venv, caches and what was built for the sample; other reports stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis data/cases/sample reports/sample/out
	find kit simulation tests notebooks benchmarks -name __pycache__ -prune -exec rm -rf {} +
