"""A message language is three data files: the words of messages, and those of faults."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deliverydesk import plan

from alerts.alert import EventKind, Reason
from alerts.channels.console.console_config import ConsoleConfig
from alerts.faults import DeliveryFault, delivery_fault_in
from alerts.match import Priority
from alerts.message import Delivery, DeliveryState
from alerts.policy.channel_state import ChannelState
from alerts.rendering.languages import languages
from alerts.rendering.notices import refused, undelivered
from alerts.rendering.phrases import phrases_in, phrases_of
from crawler.errors import ConfigError
from crawler.faults.wording import words_of

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GIVEN_UP = Delivery(
    id="del_1",
    channel="post",
    target="",
    kind=EventKind.STORY,
    group="g",
    priority=Priority.NORMAL,
    state=DeliveryState.EXPIRED,
    created=NOW,
    due=NOW,
    grouped_until=NOW,
    expires=NOW,
    reason=Reason.EXPIRED,
    detail=DeliveryFault.NO_REPLY(host="mail.example"),
)
MESSAGES, FAULTS = ROOT / "alerts/rendering", ROOT / "crawler/faults"
DELIVERIES = ROOT / "alerts/faults"
SPEAK = """
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from alerts.channels.console.console_config import ConsoleConfig
from alerts.rendering import check_alert
from alerts.faults import DeliveryFault
from crawler.faults import CrawlFault, worded

plan = ConsoleConfig(kind="console", id="scherm", language="fy").plan(ZoneInfo("Europe/Amsterdam"))
print(check_alert(plan, datetime.now(UTC)).notice.subject)
print(worded(CrawlFault.NO_ANSWER(), plan.language))
print(worded(DeliveryFault.SERVICE_SAYS_NO(), plan.language))
"""


def test_every_language_is_complete_in_all_three_files() -> None:
    assert languages() == ("nl", "en")
    for language in languages():
        assert phrases_of(language).footer == "Nieuwswacht"
        assert words_of("crawler.faults", language).kinds
        assert words_of("alerts.faults", language).kinds


def test_three_more_data_files_make_a_channel_speak_another_language(tmp_path: Path) -> None:
    for package in ("alerts", "crawler"):
        shutil.copytree(ROOT / package, tmp_path / package)
    english = MESSAGES.joinpath("en.toml").read_text("utf-8")
    frisian = english.replace("Test message from", "Proefberjocht fan")
    (tmp_path / "alerts/rendering/fy.toml").write_text(frisian, "utf-8")
    faults = FAULTS.joinpath("en.toml").read_text("utf-8").replace('"no answer"', '"gjin antwurd"')
    (tmp_path / "crawler/faults/fy.toml").write_text(faults, "utf-8")
    refusals = DELIVERIES.joinpath("en.toml").read_text("utf-8").replace("says no", "seit nee")
    (tmp_path / "alerts/faults/fy.toml").write_text(refusals, "utf-8")

    said = subprocess.run(
        [sys.executable, "-c", SPEAK], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout

    assert said.splitlines() == [
        "Proefberjocht fan Nieuwswacht",
        "gjin antwurd",
        "apprise seit nee",
    ]


def test_why_a_message_was_given_up_is_told_in_the_language_of_the_channel() -> None:
    dutch, english = (undelivered(GIVEN_UP, ["Brand"], plan(language=of)) for of in languages())

    assert dutch.lines == (
        "Brand (niet op tijd aangenomen: mail.example: geen antwoord binnen de tijd)",
    )
    assert english.lines == ("Brand (expired: mail.example: no reply within the time)",)


def test_what_an_older_version_kept_of_a_refusal_is_told_as_it_is() -> None:
    state = ChannelState(id="soc", paused=NOW, paused_for=delivery_fault_in("410 Gone"))

    (line,) = refused(state, plan()).lines

    assert line.startswith("De ontvanger zei: 410 Gone. ")


def test_a_language_without_a_file_is_refused() -> None:
    with pytest.raises(ValueError, match="Input should be 'nl' or 'en'"):
        ConsoleConfig(kind="console", id="scherm", language="fy")


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('urgent = "Urgent"\n', "", "fy.toml: urgent: Field required"),
        ('urgent = "Urgent"', 'urgente = "Urgent"', "fy.toml: urgent: Field required"),
        ("[digest]", "[digesta]", "fy.toml: digest: Field required"),
        ('footer = "Nieuwswacht"', 'footer = "{}"', "footer: Value error, nothing to be filled in"),
        ('rule = "Rule: {}"', 'rule = "Rule"', "rule: Value error, {} to be filled in, and not no"),
        ("{outlet}, {time}", "{outlet}, {tijd}", "article: Value error, {outlet} and {time}"),
        ('many = "Digest: {} stories"', 'many = "Digest"', "digest.many: Value error, {} to be"),
        ('"Sat", "Sun"', '"Sat"', "days: Tuple should have at least 7 items"),
        ("no-channel =", "no-canal =", "reasons: Value error, these keys are needed: dead,"),
        ('rule = "Rule: {}"', 'rule = "Rule: {"', "rule: Value error, Single '{'"),
        ('rule = "Rule: {}"', "rule = ", "fy.toml: Invalid value"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_name_and_the_key(
    tmp_path: Path, was: str, becomes: str, fault: str
) -> None:
    english = MESSAGES.joinpath("en.toml").read_text("utf-8")
    assert was in english
    file = tmp_path / "fy.toml"
    file.write_text(english.replace(was, becomes), "utf-8")

    with pytest.raises(ConfigError) as caught:
        phrases_in(file)

    assert str(caught.value).startswith("fy.toml: ")
    assert fault in str(caught.value)
