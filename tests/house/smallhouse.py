"""A copy of the tree in which `run` installs one tiny wheel instead of a hundred packages.

pip, venv, locks and processes are the real ones; only the packages are small, and they come from a
folder or from a server on loopback. The program is a stub that prints what it was started with.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# The Python that a user has, not the environment in which the tests run.
PYTHON = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
PATIENCE = 60

PROGRAM = """
import json, os, sys

def main():
    names = ("PYTHONDONTWRITEBYTECODE", "NIEUWSWACHT_PROGRAM")
    print(json.dumps({
        "words": sys.argv[1:],
        "prefix": sys.prefix,
        "cwd": os.getcwd(),
        "environ": {name: os.environ.get(name) for name in names},
    }))
    return int(os.environ.get("STUB_EXIT", "0"))
"""
# Found by Python at its start: it then looks as if Debian had left these modules out.
HIDING = """
import sys
from importlib.machinery import PathFinder

find = PathFinder.find_spec

def find_spec(name, path=None, target=None):
    return None if name in {hidden!r} else find(name, path, target)

if sys.prefix == sys.base_prefix:
    PathFinder.find_spec = find_spec
"""


@dataclass
class House:
    """The small tree, a home directory and a folder of wheels."""

    place: Path
    tree: Path = field(init=False)
    environ: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = self.place / "a tree"
        self.home.mkdir()
        self.wheels.mkdir()
        (self.tree / "monitor").mkdir(parents=True)
        for name in ("run", "pyproject.toml"):
            shutil.copy(ROOT / name, self.tree)
        (self.tree / "monitor" / "__init__.py").touch()
        (self.tree / "monitor" / "cli.py").write_text(PROGRAM)
        self.lock("requirements.txt", {"brick": ""})
        self.lock("requirements-dev.txt", {"brick": "", "pytest": PROGRAM + "main()\n"})
        self.environ = {
            "HOME": str(self.home),
            "PATH": os.defpath,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_NO_INDEX": "1",
        }

    @property
    def home(self) -> Path:
        return self.place / "home"

    @property
    def wheels(self) -> Path:
        return self.place / "wheels"

    @property
    def venv(self) -> Path:
        return self.tree / ".venv"

    def lock(self, name: str, packages: dict[str, str]) -> None:
        """Lock these packages: a name, and the text that `python -m NAME` runs."""
        lines = []
        for package, text in packages.items():
            digest = hashlib.sha256(self.wheel(package, text).read_bytes()).hexdigest()
            lines.append(f"{package}==1.0 \\\n    --hash=sha256:{digest}\n")
        (self.tree / name).write_text("".join(lines))

    def wheel(self, name: str, text: str) -> Path:
        info = f"{name}-1.0.dist-info"
        files = {
            f"{name}.py": text,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
        path = self.wheels / f"{name}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for file, content in {**files, f"{info}/RECORD": record}.items():
                archive.writestr(zipfile.ZipInfo(file), content)
        return path

    def hide(self, *modules: str) -> None:
        """Let Python seem to lack these modules."""
        folder = self.place / "hiding"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(HIDING.format(hidden=modules))
        self.environ["PYTHONPATH"] = str(folder)

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(PYTHON), str(self.tree / "run"), *words],
            cwd=self.place,
            env={**self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **environ: str) -> "Ran":
        return ended(self.start(*words, **environ))


@dataclass(frozen=True)
class Ran:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def program(self) -> dict[str, Any]:
        """What the stub says it was started with."""
        started: dict[str, Any] = json.loads(self.out)
        return started

    @property
    def set_up(self) -> bool:
        return "setting up" in self.err


def ended(process: subprocess.Popen[str]) -> Ran:
    """Wait for a process."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    return Ran(process.returncode, out, err)


class HangingIndex(ThreadingHTTPServer):
    """A package index that answers when it is told to."""

    daemon_threads = True

    def __init__(self, wheels: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.wheels = wheels
        self.asked = threading.Event()
        self.released = threading.Event()

    @property
    def environ(self) -> dict[str, str]:
        """What makes pip ask this index."""
        url = f"http://127.0.0.1:{self.server_port}/"
        return {"PIP_INDEX_URL": url, "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": ""}


class _Answer(BaseHTTPRequestHandler):
    server: HangingIndex

    def do_GET(self) -> None:
        self.server.asked.set()
        self.server.released.wait(PATIENCE)
        name = self.path.strip("/")
        page = name.endswith(".whl")
        wheel = self.server.wheels / name
        links = [path.name for path in self.server.wheels.glob(f"{name}-*.whl")]
        body = (
            wheel.read_bytes()
            if page
            else "".join(f'<a href="/{link}">{link}</a>' for link in links).encode()
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream" if page else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Nothing on the terminal."""
