"""`reviews.toml`: what it can say, and a fault with its line and remedy for everything else."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from alerts.papers.papers_file import load_papers
from crawler.errors import ConfigFaults

GOOD = """
[[review]]
id = "ochtend"
name = "Ochtendkrant"
at = "07:00"
days = ["mon", "fri"]
channels = ["post"]
since = "12h"
sections = [
  { title = "Syrië", rules = ["kalifaat"] },
  { title = "Verkeer", rules = ["brug"] },
]
"""


def _load(path: Path, text: str) -> object:
    file = path / "reviews.toml"
    file.write_text(text, "utf-8")
    return load_papers(file, channels=["post"], rules=["kalifaat", "brug"])


def test_a_paper_is_read_with_its_subjects(tmp_path: Path) -> None:
    (tmp_path / "reviews.toml").write_text(GOOD, "utf-8")
    [paper] = load_papers(tmp_path / "reviews.toml", channels=["post"], rules=None)
    assert paper.at == (time(7),)
    assert paper.days == ("mon", "fri")
    assert paper.span == timedelta(hours=12)
    assert [(one.title, one.rules) for one in paper.sections] == [
        ("Syrië", ("kalifaat",)),
        ("Verkeer", ("brug",)),
    ]


def test_without_the_file_there_is_no_paper(tmp_path: Path) -> None:
    assert load_papers(tmp_path / "reviews.toml", channels=[], rules=[]) == []


def test_the_shipped_example_is_a_paper_once_its_marks_are_gone(tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[3] / "config" / "reviews.toml").read_text("utf-8")
    _, _, example = shipped.partition("\n#\n")
    lines = (line.removeprefix("#").removeprefix(" ") for line in example.splitlines())
    text = "\n".join(lines).replace('"console"', '"post"')
    assert load_papers(tmp_path / "reviews.toml", channels=[], rules=[]) == []
    assert len(_load(tmp_path, text)) == 1  # type: ignore[arg-type]  # a list


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        ('"post"]', '"pots"]', ':7: review "ochtend": channel "pots" is not defined: there are: p'),
        ('["brug"]', '["burg"]', 'rule "burg" is not defined: there are: kalifaat, brug'),
        ('"mon"', '"maandag"', ':6: review "ochtend": there is no day "maandag": the days'),
        ('at = "07:00"', "", '"at" is missing: add at = …'),
        ('at = "07:00"', 'at = "7 uur"', ":5: "),
        ('since = "12h"', 'since = "gisteren"', ":8: "),
        ('since = "12h"', 'rules = ["brug"]', "rules and sections exclude each other"),
        ("days", "dagen", 'unknown key "dagen": '),
        (GOOD, GOOD + GOOD, 'id "ochtend" is used twice'),
    ],
)
def test_a_fault_has_its_place_and_its_remedy(
    tmp_path: Path, was: str, wrong: str, said: str
) -> None:
    with pytest.raises(ConfigFaults) as error:
        _load(tmp_path, GOOD.replace(was, wrong, 1))
    assert said in "\n".join(map(str, error.value.faults))
