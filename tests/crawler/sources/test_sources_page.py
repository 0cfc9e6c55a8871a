"""`docs/sources.md` says what is so: its examples load, its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.config.files import SourceTable, load_sources
from crawler.pages.walls import Wall
from crawler.sources.health import COUNTERS, Health

PAGE = (Path(__file__).parents[3] / "docs" / "sources.md").read_text("utf-8")


def rows(heading: str) -> list[str]:
    """The first cells of the table below a heading, each name in it apart."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([\w:-]+)`", cell)]


@pytest.mark.parametrize(
    "example", re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
)
def test_every_example_is_a_catalogue(example: str, tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(example, "utf-8")

    assert len(load_sources(path)) == 1


def test_every_key_is_explained() -> None:
    named = set(rows("The keys")) | {"selectors"}  # which has a part of its own

    assert named == set(SourceTable.model_fields)


def test_every_wall_every_state_and_every_counter_is_explained() -> None:
    explained = rows("How a source does")

    assert set(rows("Walls")) == {wall.value for wall in Wall}
    assert set(explained) == {health.value for health in Health} | set(COUNTERS)
