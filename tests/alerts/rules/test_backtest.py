"""What a draft would have found, beside the rule in force."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.document import Document
from alerts.rules.backtest import Backtest, Report
from alerts.rules.book import rule_of
from alerts.waves import VolumeSetting

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
START = datetime(2019, 3, 22, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam
TEXTS = ("kalifaat", "kalifaten", "niets", "kalifaat", "kalifaten", "het kalifaat viel", "IS")


def _report(query: str, in_force: str | None = None, newest: int = 10) -> Report:
    held = None if in_force is None else rule_of(id="query", text=in_force)
    work = Backtest(rule_of(id="query", text=query), held, timezone=AMSTERDAM, newest=newest)
    for number, text in enumerate(TEXTS):
        published = START + timedelta(hours=12 * number)
        work.read(
            number, Document(id=f"art_{number}", body=text), published, f"story_{number // 2}"
        )
    return work.report()


def test_hits_are_counted_by_the_day_of_the_reader() -> None:
    report = _report("kalifa*")

    assert [(day.day, day.articles, day.matches) for day in report.days] == [
        (date(2019, 3, 23), 2, 2),
        (date(2019, 3, 24), 2, 1),
        (date(2019, 3, 25), 2, 2),
        (date(2019, 3, 26), 1, 0),
    ]


def test_alerts_are_expected_by_the_story() -> None:
    report = _report("kalifa*")

    assert (report.articles, report.matches, report.stories) == (7, 5, 3)
    assert report.alerts_a_day == 3 / 4


def test_the_newest_come_first_with_their_hits() -> None:
    newest = _report("kalifa*", newest=2).newest

    assert [found.document.id for found in newest] == ["art_5", "art_4"]
    assert [hit.text for hit in newest[0].hits] == ["kalifaat"]


def test_a_draft_wins_and_loses_against_the_rule_in_force() -> None:
    compared = _report("kalifaat", in_force="kalifaten OR =IS OR viel").comparison

    assert compared is not None
    assert (compared.won.count, compared.lost.count) == (2, 3)
    assert [found.document.id for found in compared.won.newest] == ["art_3", "art_0"]
    assert [found.document.id for found in compared.lost.newest] == ["art_6", "art_4", "art_1"]
    assert [hit.text for hit in compared.lost.newest[0].hits] == ["IS"]


def test_alone_a_rule_wins_and_loses_nothing() -> None:
    report = _report("kalifaat")

    assert report.comparison is None


class Unreadable(Document):
    """An article with which matching comes to grief."""

    @property
    def texts(self) -> tuple[str, str, str]:
        raise RecursionError(self.id)


def test_an_article_that_cannot_be_matched_is_named_and_costs_no_other() -> None:
    work = Backtest(rule_of(id="r", text="kalifaat"), None, timezone=AMSTERDAM)
    for number, kind in enumerate((Document, Unreadable, Document)):
        work.read(number, kind(id=f"art_{number}", body="kalifaat"), START, "story")

    report = work.report()

    assert (report.articles, report.matches) == (2, 2)
    assert [*report.unmatched] == ["art_1"]
    assert report.unmatched["art_1"].startswith("RecursionError in ")


def test_an_empty_archive_has_nothing_to_expect() -> None:
    report = Backtest(rule_of(id="r", text="a"), None, timezone=AMSTERDAM).report()

    assert (report.days, report.alerts_a_day) == ((), 0.0)


def _waves_of_a_volume(volume: VolumeSetting | None) -> Report:
    rule = rule_of(id="r", text="wolf", volume=volume)
    work = Backtest(rule, None, timezone=AMSTERDAM)
    for number in range(40 * 24):
        at = START + timedelta(hours=number)
        work.read(number, Document(id=f"art_{number}", body="schaap", outlet="a"), at, f"s{number}")
    for number in range(9):
        at = START + timedelta(days=38, minutes=number)
        found = Document(id=f"wolf_{number}", body="wolf", outlet=f"krant {number % 3}")
        work.read(1000 + number, found, at, f"wolf {number}")
    return work.report()


def test_the_waves_that_a_setting_would_have_found_are_in_the_report() -> None:
    waves = _waves_of_a_volume(VolumeSetting()).waves

    assert waves is not None
    assert [(step.phase.value, step.stories) for step in waves] == [("begins", 5), ("ends", 9)]
    assert waves[0].wave.usual.weeks == 4


def test_a_rule_without_a_volume_has_no_waves_in_its_report() -> None:
    assert _waves_of_a_volume(None).waves is None
