# Everything runs in .venv, made from requirements.lock with the Python that PYTHON names.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PEERS := build/peers
EXPLAIN_PEERS := build/explain-peers
FILES = $(TRAIN)$(ARCHIVE)$(DANES)

.PHONY: help train test check evaluate bench bench-tune bench-explain notebooks docs clean

help:  ## print this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## */  make \1\t/'

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $(READY)

train: $(READY)  ## train models/themes on data/, then label articles it has never seen
	$(BIN)/chude train data --model models/themes
	$(BIN)/chude predict data/examples --model models/themes

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest

check: $(READY)  ## lint, format, types and the contract of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

evaluate: $(READY)  ## compare keywords, TF-IDF and chude; TEST=file adds labelled articles
	$(BIN)/python benchmarks/quality.py data $(if $(TEST),--test $(TEST))
	$(BIN)/python benchmarks/shipped.py data $(if $(TEST),--test $(TEST))

bench: given-FILES $(READY) $(PEERS)/.ready models/themes/manifest.json  ## compare with peers: TRAIN=file TEST=file ARCHIVE=file DANES=file, or some of them [OPTIONS="--rows danes"]; into build/bench.md
	$(BIN)/python -m benchmarks.peers $(TRAIN) $(TEST) $(if $(ARCHIVE),--archive $(ARCHIVE)) $(if $(DANES),--danes $(DANES)) --peers $(PEERS)/bin/python $(OPTIONS)

bench-tune: given-TRAIN $(READY) $(PEERS)/.ready  ## choose fastText's settings by cross-validation: TRAIN=file [OPTIONS="--sample 16000"]
	$(BIN)/python -m benchmarks.peers.tune $(TRAIN) --peers $(PEERS)/bin/python $(OPTIONS)

bench-explain: given-ARCHIVE $(READY) $(EXPLAIN_PEERS)/.ready models/themes/manifest.json  ## measure explanations beside ELI5 and LIME: ARCHIVE=file; into build/explain.md
	$(BIN)/python benchmarks/explain.py $(ARCHIVE) --peers $(EXPLAIN_PEERS)

given-%:
	@test -n "$($*)" || { echo "Name labelled articles: make bench TRAIN=train.parquet TEST=test.parquet" >&2; exit 2; }

$(PEERS)/.ready: benchmarks/peers/requirements.lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(EXPLAIN_PEERS)/.ready: benchmarks/peers/explain.lock
	$(PYTHON) -m venv $(EXPLAIN_PEERS)
	$(EXPLAIN_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

notebooks: $(READY) models/themes/manifest.json  ## run the notebooks on models/themes, into build/ as .ipynb and .html
	$(BIN)/python notebooks/run.py notebooks/*.ipynb build

models/themes/manifest.json: | $(READY)
	$(BIN)/chude train data --model models/themes

docs: $(READY)  ## build the pages of docs/ as a site into build/docs, without network
	$(BIN)/mkdocs build --strict --quiet

clean:  ## remove the environment, models and everything built
	rm -rf .venv build models/*/
