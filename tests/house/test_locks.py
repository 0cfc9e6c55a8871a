"""The locked packages: complete, hashed, for each Python, and free of where they came from."""

import re
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from smallhouse import ROOT

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOCKS = ("requirements.txt", "requirements-dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a lock file."""

    requirement: Requirement
    hashes: int

    def wanted_on(self, python: str) -> bool:
        return applies(self.requirement.marker, python)


def locked(name: str) -> dict[str, Locked]:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^(\S+==[^\\\n]+)\\\n((?: +--hash=\S+(?: \\)?\n)+)", text, re.MULTILINE)
    found = [Locked(Requirement(line), hashes.count("sha256:")) for line, hashes in blocks]
    return {canonicalize_name(lock.requirement.name): lock for lock in found}


def applies(marker: Marker | None, python: str) -> bool:
    there = {"python_version": python, "python_full_version": f"{python}.1", "extra": ""}
    return marker is None or marker.evaluate(there)


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]

    assert len(named) == len(locked(name)) > 0
    assert all(lock.hashes for lock in locked(name).values())


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_says_where_the_packages_came_from(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert re.findall(r"^\s*(?!--hash)-.*", text, re.MULTILINE) == []
    assert re.findall(r"\w+://\S*|@ \S*|(?<!\w)/\w+/\S*", text) == []


def test_the_tools_are_locked_on_top_of_the_same_packages() -> None:
    base, dev = locked("requirements.txt"), locked("requirements-dev.txt")

    assert [name for name, lock in base.items() if dev.get(name) != lock] == []


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_what_the_project_declares_is_locked(name: str, declared: list[str]) -> None:
    locks = locked(name)
    missing = [
        text
        for text in declared
        for wanted in [Requirement(text)]
        for lock in [locks.get(canonicalize_name(wanted.name))]
        if lock is None or not wanted.specifier.contains(str(lock.requirement.specifier)[2:])
    ]
    assert missing == [], "run: make lock"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_complete_and_installable(name: str, python: str) -> None:
    """Told from what the packages installed here say about every other Python."""
    locks = {key: lock for key, lock in locked(name).items() if lock.wanted_on(python)}
    faults = []
    for key in locks:
        try:
            metadata = Distribution.from_name(key)
        except PackageNotFoundError:
            continue  # for another Python than this one
        refused = SpecifierSet(str(metadata.metadata.json.get("requires_python", "")))
        if not refused.contains(f"{python}.1"):
            faults.append(f"{key} cannot be installed")
        needed = [Requirement(line) for line in metadata.requires or []]
        faults += [
            f"{key} needs {one.name}"
            for one in needed
            if applies(one.marker, python) and canonicalize_name(one.name) not in locks
        ]
    assert faults == []
