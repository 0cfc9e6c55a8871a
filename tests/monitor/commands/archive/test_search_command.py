"""`nieuwswacht search`: what people see, and what it says of a query that the shell cut up."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alerts.store.schema import migrations as alerts_migrations
from crawler.model import Article, DateOrigin
from crawler.store import LATEST_STEP, ArticleStore, Writer, migrations
from monitor.cli import cli
from monitor.commands.archive import search as search_command
from monitor.context import Context

DAY = datetime(2026, 3, 23, 10, tzinfo=UTC)
Search = Callable[..., Result]


def write(tmp_path: Path, name: str = "nieuws.db", first: int = 0) -> None:
    """An archive of three articles about wolves."""
    writer = Writer(tmp_path / name, migrations=[migrations, alerts_migrations])
    for number in range(first, first + 3):
        article = Article(
            id=f"art_{number}",
            key=str(number),
            url=f"https://bolle.example/{number}",
            outlet="De Bolle Krant",
            source="bolle",
            title=f"Wolf nummer {number}",
            lead="Een wolf, nog een wolf.",
            body="De schapen zijn weg.",
            first_seen=DAY,
            published=DAY,
            published_from=DateOrigin.FEED,
        )
        writer.run(lambda db, article=article: ArticleStore(db).save(article, now=DAY))
    writer.close()
    (tmp_path / "rules.toml").write_text("[concepts]\nwolf = ['wolf', 'wolven']\n", "utf-8")


@pytest.fixture
def search(tmp_path: Path) -> Search:
    write(tmp_path)

    def search(*words: str) -> Result:
        options = ["--config", str(tmp_path), "--db", str(tmp_path / "nieuws.db")]
        return CliRunner().invoke(cli, [*options, "search", *words])

    return search


def test_an_article_comes_with_its_address_and_its_hits_marked(search: Search) -> None:
    shown = search("wolf AND title:2").stdout

    assert shown.splitlines() == [
        "«Wolf» nummer «2»",
        "De Bolle Krant, 2026-03-23 11:00 CET  art_2",
        "https://bolle.example/2",
        "  lead: Een «wolf», nog een «wolf».",
        "",
    ]


@pytest.mark.parametrize(("limit", "more"), [(2, True), (3, False)])
def test_more_than_is_shown_is_said(search: Search, limit: int, more: bool) -> None:  # noqa: FBT001 - a case
    result = search("@wolf", "--limit", str(limit), "--json")

    assert len([json.loads(line) for line in result.stdout.splitlines()]) == limit
    assert ("there are more: raise --limit" in result.stderr) == more


def test_a_search_that_has_no_time_says_which_articles_it_has_not_read(tmp_path: Path) -> None:
    # given a clock that goes on by ten seconds with each look
    times = (DAY + timedelta(seconds=10 * tick) for tick in count())
    write(tmp_path)
    context = Context(
        config_dir=tmp_path, db=tmp_path / "nieuws.db", quiet=False, clock=lambda: next(times)
    )
    # when a search may take half a minute, and then as long as it needs
    short = CliRunner().invoke(search_command, ["wolf", "--json"], obj=context)
    whole = CliRunner().invoke(search_command, ["wolf", "--json", "--seconds", "900"], obj=context)
    # then what it shows are the newest, and it says that there are others
    lines = whole.stdout.splitlines()
    assert len(lines) == 3
    assert short.stdout.splitlines() == lines[:2]
    assert "not all articles up to 2026-03-23 11:00 CET were read; --seconds" in short.stderr
    assert "not all" not in whole.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("wolf", "schaap"), "'wolf AND schaap'"),
        (("wolf", "NOT", "schaap"), "'wolf NOT schaap'"),
    ],
)
def test_a_query_without_quotes_is_told_how_to_be_written(
    search: Search, words: tuple[str, ...], said: str
) -> None:
    result = search(*words)

    assert result.exit_code == 2
    assert "put the query in single quotes" in result.stderr
    assert f"search {said}" in result.stderr


def test_a_broken_rules_file_stops_only_a_search_that_needs_it(
    search: Search, tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text("[concepts\n", "utf-8")

    without, needing = search("wolf*"), search("@wolf")

    assert without.exit_code == 0
    assert "art_2" in without.stdout
    assert "rules.toml" in without.stderr
    assert "searching without concepts" in without.stderr
    assert "rules.toml" in str(needing.exception)


def test_a_period_ends_before_the_moment_that_is_named(search: Search) -> None:
    assert search("wolf", "--since", "2026-03-23", "--until", "2026-03-24").exit_code == 0

    earlier = search("wolf", "--until", "2026-03-23 11:00")
    later = search("wolf", "--since", "2026-03-24", "--until", "2026-04-01")

    assert "nothing in 0 articles since 2026-03-23 11:00 CET, before" in earlier.stderr
    assert "nothing in 0 articles since 2026-03-24 00:00 CET, before 2026-04-01" in later.stderr
    assert earlier.exit_code == later.exit_code == 1


def test_nothing_found_says_among_how_many_articles_and_since_when(search: Search) -> None:
    result = search("beer")

    assert result.stderr == "nothing in 3 articles since 2026-03-23 11:00 CET\n"


def test_a_count_is_of_all_articles_and_says_of_how_many(search: Search) -> None:
    shown, none = search("title:2", "--count"), search("beer", "--count")
    whole = json.loads(search("wolf", "--count", "--limit", "1", "--json").stdout)

    assert shown.stdout == "1 of 3 articles since 2026-03-23 11:00 CET\n"
    assert none.stdout == "0 of 3 articles since 2026-03-23 11:00 CET\n"
    assert (shown.exit_code, none.exit_code) == (0, 1)
    times = {"since": None, "until": None, "unread": None}
    assert whole == {"articles": 3, "searched": 3} | times


def test_a_count_without_time_is_a_least_number(tmp_path: Path) -> None:
    times = (DAY + timedelta(seconds=10 * tick) for tick in count())
    write(tmp_path)
    context = Context(config_dir=tmp_path, db=tmp_path / "nieuws.db", clock=lambda: next(times))

    result = CliRunner().invoke(search_command, ["wolf", "--count"], obj=context)

    assert result.stdout == "at least 2 of 3 articles since 2026-03-23 11:00 CET\n"
    assert "not all articles up to 2026-03-23 11:00 CET were read" in result.stderr


def test_archives_beside_are_searched_too_and_named(search: Search, tmp_path: Path) -> None:
    # given an archive that has one of the three wolves too, and two others
    other = tmp_path / "oud.db"
    write(tmp_path, other.name, first=2)
    # then each wolf is shown once and counts once, and what stands elsewhere says where
    shown = search("wolf", "--also", str(other))
    count = search("wolf", "--also", str(other), "--count", "--json")
    lines = search("wolf", "--also", str(other), "--limit", "4", "--json")
    assert shown.stdout.count("Een «wolf»") == 5
    assert shown.stdout.count(f"in {other}") == 2
    assert {"articles": 5, "searched": 5}.items() <= json.loads(count.stdout).items()
    assert "the newest 4; there are more" in lines.stderr
    archives = [json.loads(line)["archive"] for line in lines.stdout.splitlines()]
    assert archives == [str(tmp_path / "nieuws.db")] * 3 + [str(other)]


def test_what_cannot_be_read_beside_is_named_with_a_remedy(search: Search, tmp_path: Path) -> None:
    write(tmp_path, "oud.db")
    with closing(sqlite3.connect(tmp_path / "oud.db")) as db, db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = ?", [LATEST_STEP])
    (tmp_path / "tekst.db").write_text("geen archief")

    def said(name: str) -> str:
        result = search("wolf", "--also", str(tmp_path / name))
        assert result.exit_code
        return f"{result.exception} {result.stderr}"

    assert "let the Nieuwswacht that writes it run once in this version" in said("oud.db")
    assert "weg.db is not there: name another file with --also" in said("weg.db")
    assert "tekst.db cannot be read as a database" in said("tekst.db")
    assert "is named twice: name each archive once" in said("nieuws.db")
    with closing(sqlite3.connect(tmp_path / "oud.db")) as db:
        steps = {name for (name,) in db.execute("SELECT name FROM _sqlite_migrations")}
    assert LATEST_STEP not in steps
