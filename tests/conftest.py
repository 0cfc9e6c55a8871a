"""What every test shares: how examples are drawn, and commands in a folder of the test."""

import gc
import signal
from pathlib import Path
from unittest import mock

import pytest
from commanddesk import Run, command_in, told_in
from hypothesis import settings
from new_databases import copy_schemas

# The same examples in every run, and no deadline: a slow machine is no reason to fail. With forty
# for each property, not a hundred, the quick tests end within six minutes.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("ci")

copy_schemas()

# A shell starts what runs in the background deaf to Ctrl-C, and so would be what the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over ten thousand tests: that took a fifth of the time.

    A page that ends would have it look at them again.
    """
    gc.collect()
    gc.freeze()
    mock.patch.object(gc, "unfreeze").start()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return command_in(tmp_path)


@pytest.fixture
def told(tmp_path: Path) -> str:
    return told_in(tmp_path)
