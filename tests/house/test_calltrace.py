"""What is written down of the calls of a program, with a small one in processes and threads."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from smallhouse import PATIENCE, ROOT

FILES = {
    "shop/__main__.py": """
import multiprocessing, threading
from shop import till
from shop.goods.list import names

def main():
    till.pay()
    thread = threading.Thread(target=till.pay)
    thread.start()
    thread.join()
    process = multiprocessing.get_context("forkserver").Process(target=till.killed)
    process.start()
    process.join()
    list(names())

main()
""",
    "shop/till.py": """
import os, signal
from shop.goods.list import price

def pay():
    [price() for _ in range(2)]

def killed():
    pay()
    os.kill(os.getpid(), signal.SIGKILL)

price()
""",
    "shop/goods/list.py": """
from other.ignored import nothing

def price():
    nothing()

def names():
    yield "bread"
    yield "milk"
""",
    "other/ignored.py": """
def nothing(): ...
""",
}
MAIN, TILL, GOODS = "shop/__main__.py", "shop/till.py", "shop/goods/list.py"


@pytest.fixture
def written(tmp_path: Path) -> Counter[tuple[str, str]]:
    """How often the trace has each line about the small program."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (log := tmp_path / "calls").touch()
    trace = {
        "PYTHONPATH": str(ROOT / "benchmarks" / "calltrace"),
        "CALLTRACE_ROOT": str(tmp_path),
        "CALLTRACE_FOLDERS": "shop",
        "CALLTRACE_LOG": str(log),
    }
    command = [sys.executable, "-m", "shop"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | trace, check=True, timeout=PATIENCE)
    lines = (line.split("\t") for line in log.read_text().splitlines())
    return Counter((caller, called) for caller, called in lines)


def test_each_call_is_written_down_from_threads_and_from_processes_that_are_killed(
    written: Counter[tuple[str, str]],
) -> None:
    assert written == {
        (f"{MAIN}:<module>", f"{MAIN}:main"): 1,
        (f"{MAIN}:main", f"{TILL}:pay"): 1,
        ("", f"{TILL}:pay"): 1,  # the thread
        ("", f"{TILL}:killed"): 1,
        (f"{TILL}:killed", f"{TILL}:pay"): 1,
        # Three times two, and not the one while the module is loaded.
        (f"{TILL}:pay", f"{GOODS}:price"): 6,
        # Once, although it goes on after each name.
        (f"{MAIN}:main", f"{GOODS}:names"): 1,
    }
