"""Commands as a user who may write nothing: words on standard input, what was said as JSON."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.cli import main

ROOT = Path(__file__).parents[3]
# Root may write everything, unless these are taken away.
_RIGHTS = "-dac_override,-dac_read_search,-fowner"


def said_without_rights(commands: Sequence[Sequence[str]]) -> list[tuple[int, str, str]]:
    """Exit code, output and error output of each command."""
    words = [sys.executable, __file__]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everything, and setpriv is not here")
        words = ["setpriv", f"--bounding-set={_RIGHTS}", *words]
    done = subprocess.run(
        words,
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )
    return [tuple(each) for each in json.loads(done.stdout)]


def said(command: Sequence[str]) -> tuple[object, str, str]:
    out, err, code = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO()), 0
    sys.argv[1:] = command
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]  # a BytesIO
    return code, texts[0], texts[1]


if __name__ == "__main__":
    json.dump([said(command) for command in json.load(sys.stdin)], sys.stdout)
