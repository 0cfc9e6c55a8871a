"""Every example of docs/rules.md does what the page says."""

import re
import shlex
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest

from alerts.document import Document
from alerts.query.parser import parse
from alerts.rules.book import RuleBook, rule_of
from alerts.rules.file import read_rules
from crawler.errors import QueryError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
LINES = PAGE.splitlines()
_field = re.compile(r"(?:^| / )(title|lead|body|source|outlet|section|author|url|lang): ")


def table(header: str) -> list[list[str]]:
    """The rows of all tables with this header, as their cells."""
    rows = []
    for is_table, lines in groupby(LINES, lambda line: line.startswith("|")):
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        if is_table and cells[0] == header.split(" | "):
            rows += cells[2:]
    return rows


def document_of(cell: str) -> Document:
    named = _field.split(cell)
    if len(named) == 1:
        return Document(body=cell)
    return Document(**dict(zip(named[1::2], named[2::2], strict=True)))


def code(cell: str) -> str:
    return cell.removeprefix("`").removesuffix("`")


EXAMPLES = table("query | text | found")
FAULTS = table("query | says")
TRANSCRIPTS = re.findall(r"```console\n\$ echo '(.*)' \| nieuwswacht (.*)\n((?:.*\n)*?)```", PAGE)
PACKS = [pack for pack in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[[rule]]" in pack]


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) >= 50
    assert len(FAULTS) >= 12
    assert len(PACKS) >= 3
    assert TRANSCRIPTS


@pytest.mark.parametrize(("query", "text", "found"), EXAMPLES)
def test_an_example_finds_what_the_page_says(query, text, found) -> None:
    expected = [] if found == "nothing" else [code(hit) for hit in found.split(" · ")]
    book = RuleBook.build([rule_of(id="example", text=code(query))])

    matches = book.match(document_of(text))

    assert [hit.text for match in matches for hit in match.hits] == expected
    assert len(matches) == (found != "nothing")


@pytest.mark.parametrize(("query", "says"), FAULTS)
def test_a_mistake_says_what_the_page_says(query, says) -> None:
    with pytest.raises(QueryError) as caught:
        parse(code(query), {"syrie": ["syrie"]})

    assert str(caught.value).startswith(says)
    assert caught.value.remedy


@pytest.mark.parametrize("cell", [cell for cell, _ in table("you write | it finds")])
def test_what_the_first_table_shows_can_be_written(cell) -> None:
    for query in re.findall(r"`([^`]+)`", cell):
        assert parse(query, {"syrie": ["syrie"]})


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_of_the_page_passes_its_own_tests(pack, tmp_path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(pack, "utf-8")

    assert len(read_rules(path, channels=["console"]).sound()) == 1


@pytest.mark.parametrize(("given", "command", "answer"), TRANSCRIPTS)
def test_a_command_answers_what_the_page_shows(given, command, answer) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *shlex.split(command)],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == answer


def test_links_within_the_page_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in LINES
        if line.startswith("## ")
    }

    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= headings
