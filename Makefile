# Everything here needs Debian (or its like) with python3, its venv module and make; the rest is fetched.
# Only the package registry your pip is set up for is asked.

.DEFAULT_GOAL := help
.PHONY: help run test check manage bench doctor messages lock clean clean-data browser \
	check-ruff check-format check-types check-floors check-migrations check-deploy
MAKEFLAGS += --no-print-directory

# The same results whatever language, place and shell the caller works in.
export LC_ALL := C.UTF-8
unexport LANG LANGUAGE LC_MESSAGES LC_CTYPE LC_NUMERIC LC_TIME TZ
unexport PYTHONPATH PYTHONHOME PYTHONWARNINGS DJANGO_SETTINGS_MODULE PYTEST_ADDOPTS VIRTUAL_ENV
export UV_PYTHON_DOWNLOADS := never
export PYTHONUNBUFFERED := 1
ifeq ($(CI),true)
export REQUIRE_BROWSER := 1
endif

PYTHON ?= python3
BIN := .venv/bin
EMBEDDED := $(BIN)/python -m marketplace.embedded
STOCK := benchmarks/stock_oscar
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po locale/*/*/LC_MESSAGES/django.po))
ARGS ?=

help: ## Show this list
	@echo "make TARGET [ARGS=\"…\"]    PORT and DATA_DIR are read from the environment"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 14

run: .venv/run.stamp ## Start everything; Ctrl-C stops everything
	@exec $(EMBEDDED) run --with-parent $$PPID

test: .venv/dev.stamp $(TRANSLATIONS) browser ## Run the whole suite, or ARGS="path -k name"
	@$(EMBEDDED) with-postgres -- $(BIN)/python -m pytest $(ARGS)

check: .venv/dev.stamp ## Lint, format, types, floors, migrations, production settings
	@$(MAKE) -j3 --output-sync=target --keep-going \
		check-types check-deploy check-migrations check-floors check-ruff check-format

manage: .venv/run.stamp ## Run a management command on the embedded database: ARGS="shell"
	@$(EMBEDDED) manage $(ARGS)

bench: .venv/stock.stamp $(TRANSLATIONS) ## Measure: everything, or ARGS="pages --listings 1000"
	@$(EMBEDDED) with-postgres --durable -- $(BIN)/python -m benchmarks $(ARGS)

doctor: ## Say what this machine lacks, and the command that brings it
	@$(PYTHON) -m marketplace.embedded doctor

messages: .venv/dev.stamp ## Bring the translation files up to the code
	@$(BIN)/python scripts/messages.py $(ARGS)

lock: .venv/dev.stamp ## Resolve the dependencies anew
	@$(BIN)/uv pip compile $(LOCKED) pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile $(LOCKED) -c requirements.lock pyproject.toml --group dev \
		--output-file requirements-dev.lock
	@$(BIN)/uv pip compile $(LOCKED) -c requirements.lock $(STOCK)/requirements.in \
		--output-file $(STOCK)/requirements.lock

clean: ## Remove what was installed and cached; the data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis $(TRANSLATIONS)
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
	@echo "The database stays: \`make clean-data\` forgets it."

clean-data: ## Forget the embedded database and everything else it kept
	@$(PYTHON) -m marketplace.embedded erase

# --- What the targets above stand on -----------------------------------------------------------------------
LOCKED := --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --python-version 3.11
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes

.venv/bin/uv: marketplace/embedded/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: apt-get install python3"; exit 1; }
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r marketplace/embedded/uv.txt
	@touch $@

.venv/run.stamp: requirements.lock .venv/bin/uv
	@echo "Installing requirements.lock"
	@$(INSTALL) -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Installing requirements-dev.lock"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

# The shop that ours is measured beside, with what it needs and we do not.
.venv/stock.stamp: $(STOCK)/requirements.lock .venv/dev.stamp
	@echo "Installing $(STOCK)/requirements.lock"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/stock-oscar
	@$(BIN)/uv pip install --quiet --python .venv/stock-oscar/bin/python --require-hashes \
		-r $(STOCK)/requirements.lock
	@touch $@

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

browser: .venv/dev.stamp
	@$(EMBEDDED) browser

# Nothing here is a secret and nothing is ever reached: the settings only have to be those of production.
PRODUCTION := env -u CACHE_URL -u CELERY_BROKER_URL ENVIRONMENT=production PUBLIC_URL=https://example.org \
	ALLOWED_HOSTS=example.org SECRET_KEY=only-for-the-check-9f2c71d08be34a56a1c0e7d5b8f3426e-Kq7ZxWv \
	DATABASE_URL=postgresql://nobody:nothing@127.0.0.1:9/nowhere EMAIL_URL=smtp://127.0.0.1:9 \
	STRIPE_API_BASE=https://api.stripe.com STRIPE_SECRET_KEY=sk_live_only_for_the_check \
	STRIPE_WEBHOOK_SECRET=whsec_only_for_the_check DEFAULT_FROM_EMAIL=posta@example.org LOG_LEVEL=ERROR

check-ruff:
	@$(BIN)/ruff check --quiet .

check-format:
	@$(BIN)/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format"; exit 1; }

check-types:
	@ENVIRONMENT=test $(BIN)/mypy --explicit-package-bases .

check-floors:
	@$(BIN)/lint-imports --no-logo

check-migrations:
	@ENVIRONMENT=test DATABASE_URL=postgresql://nobody:nothing@127.0.0.1:9/nowhere \
		$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

check-deploy:
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
