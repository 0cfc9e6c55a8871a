"""Changed rules that are refused or mended, and people being told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from deliverydesk import AMSTERDAM, Desk, ScriptedChannel

from alerts.faults import SettingFault
from alerts.rules.file import WHOLE_FILE
from alerts.watch import watch_rules
from crawler.faults import Fault, FileFault, said

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM)
SLUIS = said('rules.toml:3: rule "sluis": column 8: no operator')  # as an older version said it
BRUG = FileFault.AT(
    place='rules.toml:9: rule "brug"',
    told=SettingFault.UNKNOWN_CHANNEL(name="weg", names="post"),
)
BRUG_NL = 'rules.toml:9: rule "brug": het kanaal "weg" bestaat niet: er zijn: post'
BRUG_EN = 'rules.toml:9: rule "brug": channel "weg" is not defined: there are: post'
TOML = said("rules.toml:12: a text is not closed")


@pytest.fixture
def channel(desk: Desk) -> ScriptedChannel:
    desk.clock.now = NOW
    return desk.add_channel(group_wait=timedelta())


def refuse(desk: Desk, **faults: Fault) -> int:
    return refuse_all(desk, {rule: [fault] for rule, fault in faults.items()})


def refuse_all(desk: Desk, refused: dict[str, list[Fault]]) -> int:
    plans = [channel.plan for channel in desk.channels]
    queued = desk.writer.run(lambda db: watch_rules(db, plans, refused, desk.clock()))
    desk.send()
    desk.clock.forward(minutes=1)
    return queued


def told(channel: ScriptedChannel) -> list[tuple[str, ...]]:
    notices = [notice for parcel in channel.parcels for notice in parcel.message.notices]
    return [(notice.subject, *notice.lines) for notice in notices]


def test_a_refused_rule_is_told_once_and_so_is_its_mending(
    desk: Desk, channel: ScriptedChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    assert [refuse(desk, sluis=SLUIS) for _ in range(3)] == [1, 0, 0]
    assert [refuse(desk) for _ in range(3)] == [1, 0, 0]

    assert told(channel) == [
        (
            "Geweigerde regels: sluis",
            str(SLUIS),
            "De rest geldt; hiervan tot herstel de vorige versie, als die er was.",
        ),
        ("Niet meer geweigerd: sluis", "Er was iets mis sinds ma 23 nov 2026, 09:00."),
    ]
    assert {parcel.message.kind for parcel in channel.parcels} == {"alert.health"}
    assert [line for line in caplog.messages if "mended" in line] == ["rules_mended what=sluis"]
    assert desk.store(lambda store: store.watches.refusals()) == []


def test_a_refused_file_is_told_once_and_so_is_its_mending(
    desk: Desk, channel: ScriptedChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    assert [refuse_all(desk, {WHOLE_FILE: [TOML, BRUG]}) for _ in range(2)] == [1, 0]
    assert [refuse(desk) for _ in range(2)] == [1, 0]

    assert told(channel) == [
        (
            "De nieuwe regels zijn geweigerd",
            str(TOML),
            BRUG_NL,
            "Tot dit hersteld is, gelden de vorige regels.",
        ),
        ("Niet meer geweigerd: rules.toml", "Er was iets mis sinds ma 23 nov 2026, 09:00."),
    ]
    assert "rules_mended what=rules.toml" in caplog.text


def test_each_rule_is_told_by_itself_and_kept_with_its_newest_fault(
    desk: Desk, channel: ScriptedChannel
) -> None:
    changed = said(str(SLUIS).replace("8", "9"))

    assert refuse(desk, sluis=SLUIS) == 1
    assert refuse(desk, brug=BRUG, sluis=changed) == 1
    assert desk.store(
        lambda store: [
            (refusal.rule, refusal.since, refusal.faults) for refusal in store.watches.refusals()
        ]
    ) == [("brug", NOW + timedelta(minutes=1), (BRUG,)), ("sluis", NOW, (changed,))]
    assert refuse(desk, brug=BRUG) == 1

    assert [subject for subject, *_ in told(channel)] == [
        "Geweigerde regels: sluis",
        "Geweigerde regels: brug",
        "Niet meer geweigerd: sluis",
    ]


def test_of_many_refused_rules_the_first_are_named_and_the_others_counted(
    desk: Desk, channel: ScriptedChannel
) -> None:
    assert refuse(desk, **{f"r{number}": said(f"fout {number}") for number in range(30)}) == 1
    assert refuse(desk) == 1

    (refused, *lines), (mended, _) = told(channel)
    assert refused == f"Geweigerde regels: {', '.join(f'r{n}' for n in range(10))}, en nog 20"
    assert lines[:-1] == [*(f"fout {number}" for number in range(10)), "en nog 20"]
    assert mended.endswith("r9, en nog 20")


def test_an_english_channel_is_told_in_english(desk: Desk) -> None:
    desk.clock.now = NOW
    channel = desk.add_channel(group_wait=timedelta(), language="en")

    refuse(desk, brug=BRUG)
    refuse(desk)

    assert [(subject, line) for subject, line, *_ in told(channel)] == [
        ("Refused rules: brug", BRUG_EN),
        ("No longer refused: brug", "Something was wrong since Mon 23 Nov 2026, 09:00."),
    ]
