"""The API gives the objects of `--json`, in pages without gaps, as its description says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from page_newsroom import CHANNELS, HOSTILE, RULES, context_in, desk_in
from served_page import Visitor, served

from crawler.clock import utc_now
from monitor.cli import cli
from monitor.context import Context
from monitor.web.api.description import ENDPOINTS, ROOT, description
from monitor.web.entry import TokenFile, hash_of

SOURCES = '[[source]]\nid = "nos"\noutlet = "NOS"\nkind = "feed"\nurl = "https://nos.example/rss"\n'
STORIES = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    desk = desk_in(folder)
    desk.poll("nos")
    for number in range(STORIES):
        text = f"Een kalifaat {number} dat verhaal {number} vertelt, {HOSTILE}, {'x' * number}."
        desk.publish(f"Kalifaat {number}", text, number=number, outlet=f"Krant {number % 2}")
        desk.match()
        desk.clock.forward(minutes=5)
        desk.send()
    desk.writer.close()
    context_in(folder)
    (folder / "sources.toml").write_text(SOURCES, "utf-8")
    (folder / "channels.toml").write_text(CHANNELS, "utf-8")
    (folder / "rules.toml").write_text(RULES, "utf-8")
    return folder


@pytest.fixture(scope="module")
def visitor(folder: Path) -> Iterator[Visitor]:
    with served(Context(config_dir=folder, db=folder / "nieuws.db")) as visitor:
        yield visitor


def printed(folder: Path, *words: str) -> list[Any]:
    """What a command prints with `--json`."""
    start = ["--config", str(folder), "--db", str(folder / "nieuws.db")]
    said = CliRunner().invoke(cli, [*start, *words, "--json"], catch_exceptions=False)
    return [json.loads(line) for line in said.stdout.splitlines()]


def paged(visitor: Visitor, path: str) -> list[Any]:
    """Every item, page after page."""
    items, there = [], path
    while there:
        answer = visitor.get(there).json()
        items += answer["items"]
        there = answer["next"]
    return items


def without_times(items: list[Any]) -> list[Any]:
    """The same without what depends on the moment of asking."""
    return [{key: value for key, value in each.items() if key != "waiting"} for each in items]


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("rules", ("rules", "list")),
        ("sources", ("sources", "list")),
        ("deliveries", ("alerts", "log")),
        ("untold", ("alerts", "untold")),
    ],
)
def test_what_the_api_gives_is_what_the_command_prints(
    visitor: Visitor, folder: Path, name: str, command: tuple[str, ...]
) -> None:
    found = paged(visitor, f"{ROOT}/{name}")

    assert without_times(found) == without_times(printed(folder, *command))
    assert found or name == "untold"


def test_an_article_is_what_show_prints(visitor: Visitor, folder: Path) -> None:
    [first, *_] = visitor.get(f"{ROOT}/articles?limit=1").json()["items"]
    [shown] = printed(folder, "show", first["id"])

    assert visitor.get(f"{ROOT}/articles/{first['id']}").json() == first
    assert shown | first == shown


@pytest.mark.parametrize("path", ["articles?limit=2", "articles?limit=2&outlet=Krant+0"])
def test_pages_follow_each_other_without_a_gap(visitor: Visitor, path: str) -> None:
    found = [each["title"] for each in paged(visitor, f"{ROOT}/{path}")]

    every = [f"Kalifaat {number}" for number in reversed(range(STORIES))]
    assert found == (every[::2] if "outlet" in path else every)


def test_stories_are_those_of_the_timeline(visitor: Visitor) -> None:
    found = visitor.get(f"{ROOT}/stories?outlet=Krant+1").json()

    assert [each["title"] for each in found["items"]] == ["Kalifaat 3", "Kalifaat 1"]
    assert found["items"][0]["told"][0]["state"] == "told"
    assert found["next"] is None


@pytest.mark.parametrize(
    "asked",
    [
        *("articles?limit=0", "articles?limit=x", "articles?before=nobody", "untold?before=%7B"),
        *("stories?since=later", "deliveries?before=x", f"stories?rule={'x' * 301}"),
    ],
)
def test_what_cannot_be_asked_is_a_fault_that_says_so(visitor: Visitor, asked: str) -> None:
    answer = visitor.get(f"{ROOT}/{asked}")

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_description_is_valid_and_names_every_endpoint(visitor: Visitor) -> None:
    from openapi_spec_validator import validate

    described = visitor.get(f"{ROOT}/openapi.json").json()

    validate(described)
    assert described == description()
    assert set(described["paths"]) == {f"{ROOT}/{path}" for path in ENDPOINTS}


def test_with_a_password_a_program_needs_a_token(tmp_path: Path) -> None:
    desk_in(tmp_path).writer.close()
    token = TokenFile(tmp_path / "nieuws.db").add("sheet", utc_now())
    context = context_in(tmp_path, web=f'password_hash = "{hash_of("geheim")}"')
    with served(context) as visitor:
        assert visitor.get(f"{ROOT}/status").status_code == 401
        answer = visitor.get(f"{ROOT}/status", Authorization=f"Bearer {token}")
        assert answer.json()["archive"]["articles"] == 0


@pytest.mark.slow
def test_whatever_the_description_allows_is_answered_as_it_says(visitor: Visitor) -> None:
    # They take a second to load, and only this test needs them.
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    schema = schemathesis.openapi.from_dict(description())
    checks = [
        *(not_a_server_error, content_type_conformance, response_schema_conformance),
        status_code_conformance,
    ]
    for operation in schema.get_all_operations():
        case_of = operation.ok().as_strategy()

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=case_of)
        def ask(case: Any) -> None:
            case.call_and_validate(base_url=visitor.url, checks=checks)

        ask()
