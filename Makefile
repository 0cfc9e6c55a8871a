# Sugar: `python3 run` and `python3 run test` need no make.
PYTHON ?= python3
DEV = $(PYTHON) run --dev-python

# Options for pip-compile, such as --upgrade or --upgrade-package=scrapy.
LOCK ?=
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(DEV) -m piptools compile --quiet --strip-extras \
	--generate-hashes --allow-unsafe --annotation-style=line \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options $(LOCK)
DEV_GROUP = import tomllib; \
	print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")
# pip-compile asks only the Python it runs on, and leaves out what another one must not install.
NOT_EVERYWHERE = s/^(backports-zstd==[^ ]+)/\1 ; python_version < "3.14"/

.PHONY: demo test check lint types architecture environment format bench pictures lock

demo:
	$(PYTHON) run

test:
	$(PYTHON) run test

# The parts can run side by side: make -j2 check
check: lint types architecture

lint: environment
	$(DEV) -m ruff check
	$(DEV) -m ruff format --check

types: environment
	$(DEV) -m mypy
	$(DEV) -m mypy run

architecture: environment
	$(DEV) -m pytest -q tests/test_architecture.py tests/test_architecture_breaches.py \
		tests/crawler/faults/test_fault_words.py

environment:
	$(DEV) -c ''

format:
	$(DEV) -m ruff check --fix
	$(DEV) -m ruff format

bench:
	set -e; for script in benchmarks/bench_*.py; do $(DEV) "$$script"; done

pictures:
	$(DEV) benchmarks/take_pictures.py

lock:
	$(COMPILE) --output-file=requirements.txt pyproject.toml
	$(DEV) -c '$(DEV_GROUP)' | $(COMPILE) --constraint=requirements.txt \
		--output-file=requirements-dev.txt pyproject.toml -
	sed -E -i.bak '$(NOT_EVERYWHERE)' requirements.txt requirements-dev.txt
	rm requirements.txt.bak requirements-dev.txt.bak
