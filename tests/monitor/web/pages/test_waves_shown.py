"""The waves of a rule on its page, and those of all rules beside the trends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from page_newsroom import HOSTILE, context_in, desk_in
from served_page import Visitor, served

from alerts.alert import EventKind, RuleRef, VolumeAlert
from alerts.wave_log import WaveStore
from alerts.waves import Usual, Wave, WavePhase, Window
from crawler.clock import utc_now
from crawler.store import Connection
from monitor.views.ledger_view import title_of

RULES = f"""
[[rule]]
id = "kalifaat"
name = '{HOSTILE}'
query = "kalifa*"
channels = ["scherm"]
[rule.volume]

[[rule]]
id = "rivier"
query = "Eufraat"
channels = ["scherm"]
"""
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("waves")
    desk = desk_in(folder)
    desk.publish(number=1)
    desk.match()
    began = desk.clock() - 30 * HOUR
    over = Wave(
        began=began, high=began, told=8, peak=12, usual=Usual(1.5, 4), ended=began + 2 * HOUR
    )
    young = Wave(began=began + 29 * HOUR, high=began, told=5, peak=5, usual=Usual(0.25, 1))

    def put(db: Connection) -> None:
        WaveStore(db).put("kalifaat", over, 14)
        WaveStore(db).put("kalifaat", young, 5)

    desk.writer.run(put)
    desk.writer.close()
    with served(context_in(folder, rules=RULES)) as visitor:
        yield visitor


def test_a_rule_shows_its_waves_with_what_was_usual_the_newest_first(visitor: Visitor) -> None:
    page = visitor.get("/rules/kalifaat").text

    listed = page.partition("<h2>Golven</h2>")[2].partition("</ul>")[0]
    first, second = listed.split("<li>")[1:]
    assert "5 verhalen" in first
    assert "gewoon 0,2 naar het gemiddelde van alle uren" in first
    assert ">nu<" in first
    assert "14 verhalen" in second
    assert "hoogstens 12 tegelijk, gewoon 1,5" in second
    assert "voorbij" in second


def test_a_rule_without_a_volume_says_nothing_of_waves(visitor: Visitor) -> None:
    assert "Golven" not in visitor.get("/rules/rivier").text


def test_the_trends_show_the_waves_of_all_rules_or_of_one(visitor: Visitor) -> None:
    every, one = visitor.get("/trends").text, visitor.get("/trends?rule=kalifaat").text

    for page in (every, one):
        assert page.count("<li>") >= 2
        assert 'href="/rules/kalifaat"' in page.partition("<h2>Golven</h2>")[2]
        assert HOSTILE not in page
    assert "<h2>Golven</h2>" not in visitor.get("/trends?rule=rivier").text


def test_news_of_a_wave_has_a_title_in_the_language_of_the_page() -> None:
    now = utc_now()
    wave = Wave(began=now, high=now, told=8, peak=12, usual=Usual(1.5, 4))
    news = VolumeAlert(
        id="alr_1",
        kind=EventKind.VOLUME,
        rule=RuleRef(id="wolf", name="Wolven"),
        story="",
        event="wave",
        created=now,
        phase=WavePhase.DOUBLES,
        wave=wave,
        window=Window(at=now, stories=8, outlets=3),
        over=HOUR,
        graph=(1, 8),
    )

    assert title_of(news, "nl") == "Golf is verdubbeld: Wolven"
    assert title_of(news) == "wave doubles: Wolven, 8 stories"
