"""`nieuwswacht rules`: what people and programs get."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from alerts.store import migrations as alerts_migrations
from crawler.model import Article, DateOrigin
from crawler.store import ArticleStore, Writer, migrations
from monitor.cli import cli

RULES = """
[concepts]
is = ['=IS', "da'esh"]

[[rule]]
id = "kalifaat"
name = "Val van het kalifaat"
query = 'kalifa* AND @is'
channels = ["scherm"]
priority = "high"
must_match = ["Het kalifaat van IS"]

[[rule]]
id = "baghouz"
query = "bagho?z"
channels = ["scherm"]
"""
ARTICLES = [
    {"id": "a", "title": "IS-strijders geven zich over", "body": "Het kali\u00adfaat is gevallen."},
    {"id": "b", "body": "De slag om Baghouz"},
    {"id": "c", "lead": "Niets"},
]
LINES = "".join(json.dumps(article) + "\n" for article in ARTICLES)
START = datetime(2019, 3, 23, 10, tzinfo=UTC)

Run = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "channels.toml").write_text('[[channel]]\nid = "scherm"\nkind = "console"\n')
    return tmp_path


@pytest.fixture
def run(config: Path) -> Run:
    def run(*words: str, stdin: str = "") -> Result:
        options = ["--config", str(config), "--db", str(config / "nieuws.db")]
        return CliRunner().invoke(cli, [*options, "rules", *words], input=stdin)

    return run


@pytest.fixture
def archive(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "nieuws.db", migrations=[migrations, alerts_migrations])
    for number, each in enumerate(ARTICLES * 2):
        published = START + timedelta(days=number // 3)
        article = Article(
            id=f"art_{number}",
            key=str(number),
            url=f"https://nos.nl/{number}",
            outlet="NOS",
            source="bron",
            title=each.get("title", f"Titel {number}"),
            lead=each.get("lead", ""),
            body=each.get("body", "") + f" Slot {number}.",
            first_seen=published,
            published=published,
            published_from=DateOrigin.FEED,
        )
        writer.run(lambda db, article=article: ArticleStore(db).save(article, now=START))
    writer.close()


def _json_lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_list_tells_every_rule(run: Run) -> None:
    one, other = _json_lines(run("list", "--json"))

    assert (one["id"], one["name"], one["priority"]) == ("kalifaat", "Val van het kalifaat", "high")
    assert (one["query"], one["channels"]) == ("kalifa* AND @is", ["scherm"])
    assert other["name"] == "baghouz"
    assert "kalifa* AND @is" in run("list").stdout


def test_articles_are_answered_line_by_line(run: Run) -> None:
    assert _json_lines(run("test", "--json", stdin=LINES)) == [
        {
            "id": "a",
            "matches": [
                {
                    "rule": "kalifaat",
                    "hits": [
                        {"field": "title", "start": 0, "end": 2, "text": "IS"},
                        {"field": "body", "start": 4, "end": 13, "text": "kali\u00adfaat"},
                    ],
                }
            ],
        },
        {
            "id": "b",
            "matches": [
                {
                    "rule": "baghouz",
                    "hits": [{"field": "body", "start": 11, "end": 18, "text": "Baghouz"}],
                }
            ],
        },
        {"id": "c", "matches": []},
    ]


def test_a_query_of_ones_own_is_called_query_and_may_use_concepts(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(LINES)

    answers = _json_lines(run("test", "--query", "@is", "--input", str(file), "--json"))

    assert [[match["rule"] for match in answer["matches"]] for answer in answers] == [
        ["query"],
        [],
        [],
    ]


def test_one_rule_is_tried_alone(run: Run) -> None:
    answers = _json_lines(run("test", "--rule", "baghouz", "--json", stdin=LINES))

    assert [len(answer["matches"]) for answer in answers] == [0, 1, 0]


def test_people_see_the_hits_in_their_sentence(run: Run) -> None:
    shown = run("test", stdin=LINES).stdout

    assert "kalifaat\n    title: «IS»-strijders geven zich over\n" in shown
    assert "c\n  nothing\n" in shown


def test_half_a_character_does_not_end_the_answer(run: Run) -> None:
    (answer,) = _json_lines(
        run("test", "--query", "a", "--json", stdin='{"title": "a", "id": "\\ud800"}')
    )

    assert answer["id"] == "\ud800"


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (("test", "--query", "a b"), LINES, "column 3: no operator"),
        (("test", "--rule", "nergens"), LINES, 'no rule "nergens"; there are: kalifaat, baghouz'),
        (("test", "--rule", "a", "--query", "b"), LINES, "not both"),
        (("test",), LINES + "[]\n", "4: not a JSON object"),
        (("backtest",), "", "give --query, --rule or both"),
        (("backtest", "--query", "a AND"), "", "column 3: nothing stands after"),
    ],
)
def test_mistakes_are_named_and_end_with_2(
    config: Path, words: tuple[str, ...], stdin: str, said: str
) -> None:
    command = [sys.executable, "-m", "monitor", "--config", str(config), "rules", *words, "--json"]

    result = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert said in result.stderr


@pytest.mark.usefixtures("archive")
def test_a_backtest_compares_a_draft_with_the_rule_in_force(run: Run) -> None:
    (report,) = _json_lines(
        run("backtest", "--rule", "baghouz", "--query", "slag OR =IS", "--json")
    )

    assert (report["articles"], report["matches"]) == (6, 4)
    assert [(day["day"], day["matches"]) for day in report["days"]] == [
        ("2019-03-23", 2),
        ("2019-03-24", 2),
    ]
    assert report["won"]["count"] == 2
    assert report["lost"]["count"] == 0
    assert report["newest"][0]["hits"]


@pytest.mark.usefixtures("archive")
def test_a_draft_hears_the_outlets_of_the_rule_that_it_would_replace(
    run: Run, config: Path
) -> None:
    rules = RULES.replace('query = "bagho?z"', 'query = "bagho?z"\noutlets = ["Trouw"]')
    (config / "rules.toml").write_text(rules, encoding="utf-8")

    (report,) = _json_lines(run("backtest", "--rule", "baghouz", "--query", "baghouz", "--json"))

    assert (report["matches"], report["won"]["count"], report["lost"]["count"]) == (0, 0, 0)


@pytest.mark.usefixtures("archive")
def test_people_see_days_sums_and_the_newest(run: Run) -> None:
    result = run("backtest", "--rule", "baghouz", "--newest", "1")

    assert result.exit_code == 0
    assert "2019-03-24       1 of 3" in result.stdout
    assert "2 of 6 articles match" in result.stdout
    assert "body: De slag om «Baghouz» Slot 4." in result.stdout
    assert "won" not in result.stdout
