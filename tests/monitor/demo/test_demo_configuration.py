"""The demonstration runs on files that a user could have written."""

from itertools import combinations
from pathlib import Path

import pytest

from alerts.document import Document
from alerts.rules.book import RuleBook
from alerts.rules.file import load_channels, read_rules
from crawler.config.desk import load_settings
from crawler.config.files import load_sources
from crawler.store.stories.index import reading_of
from crawler.stories.comparison import compare
from monitor.demo.demo_configuration import sources_toml, write_configuration
from monitor.demo.newsroom.content import Outlet
from monitor.demo.newsroom.newsroom import Newsroom
from monitor.demo.newsroom.press import Printed

VALUES: dict[str, str | int] = {
    "slack_url": "http://127.0.0.1:1/services/x",
    "smtp_port": 2525,
    "webhook_url": "http://127.0.0.1:1/hook",
    "webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "database": "demo.db",
}


def test_the_sources_read_back_as_they_were(newsroom: Newsroom, tmp_path: Path) -> None:
    write_configuration(tmp_path, newsroom.sources(), VALUES)
    assert load_sources(tmp_path / "sources.toml") == newsroom.sources()


def test_the_settings_spare_nobody_and_open_this_machine_alone(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    write_configuration(tmp_path, newsroom.sources(), VALUES)
    settings = load_settings(tmp_path / "nieuwswacht.toml")
    assert settings.store.path == Path("demo.db")
    assert settings.crawl.delay.total_seconds() == 0
    assert [str(network) for network in settings.network.allow] == ["127.0.0.0/8"]


def test_an_outlet_with_quotes_in_its_name_stays_itself(tmp_path: Path, newsroom: Newsroom) -> None:
    source = newsroom.sources()[0]
    odd = type(source)(
        id="odd", outlet='De "Bode" \\ \x7f', kind=source.kind, url=source.url, every=source.every
    )
    (tmp_path / "sources.toml").write_text(sources_toml([odd]), "utf-8")
    assert load_sources(tmp_path / "sources.toml") == [odd]


@pytest.fixture
def rules(newsroom: Newsroom, tmp_path: Path) -> RuleBook:
    write_configuration(tmp_path, newsroom.sources(), VALUES)
    channels = load_channels(tmp_path / "channels.toml")
    assert [channel.kind for channel in channels] == ["slack", "email", "webhook"]
    return read_rules(
        tmp_path / "rules.toml", channels=[channel.id for channel in channels]
    ).sound()


def readable(item: Printed, outlet: Outlet) -> Document:
    """What a crawler can read of an article: behind a consent wall the feed's text alone."""
    body = "" if outlet.consent else "\n\n".join(item.visible)
    return Document(title=item.title, lead=item.lead, body=body)


def test_the_rules_find_what_each_article_promises_and_nothing_else(
    newsroom: Newsroom, rules: RuleBook
) -> None:
    for _ in range(newsroom.content.rounds - 1):
        newsroom.advance()
    found = {
        item.piece.id: {match.rule for match in rules.match(readable(item, outlet))}
        for outlet in newsroom.content.outlets
        for item in newsroom.online(outlet.id)
    }
    promised = {piece.id: set(piece.rules) for piece in newsroom.content.articles}
    assert found == promised
    assert set().union(*found.values()) == {rule.id for rule in rules.rules}
    assert not any(piece.rules and piece.trap for piece in newsroom.content.articles)


def test_a_late_match_matches_nothing_before_its_change(
    newsroom: Newsroom, rules: RuleBook
) -> None:
    late = [piece for piece in newsroom.content.articles if piece.late]
    assert late
    for piece in late:
        outlet = next(house for house in newsroom.content.outlets if house.id == piece.outlet)
        (item,) = [item for item in newsroom.online(outlet.id) if item.piece.id == piece.id]
        assert rules.match(readable(item, outlet)) == []


def test_copies_of_one_dispatch_are_one_story_and_nothing_else_is(newsroom: Newsroom) -> None:
    for _ in range(newsroom.content.rounds - 1):
        newsroom.advance()
    items = [item for outlet in newsroom.content.outlets for item in newsroom.online(outlet.id)]
    readings = [reading_of(item.title, item.lead, "\n\n".join(item.visible)) for item in items]
    copies = {
        (one.piece.id, other.piece.id)
        for (one, here), (other, there) in combinations(zip(items, readings, strict=True), 2)
        if compare(
            here,
            there,
            lambda runs, _: runs,
            apart=abs(one.published - other.published),
            same_outlet=one.piece.outlet == other.piece.outlet,
        ).copy
    }
    dispatches = {
        (one.piece.id, other.piece.id)
        for one, other in combinations(items, 2)
        if one.piece.wire is not None and one.piece.wire == other.piece.wire
    }
    assert copies == dispatches
