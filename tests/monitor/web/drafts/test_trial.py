"""The backtest of the whole archive: one at a time, in a process of its own, ended by a stop."""

from __future__ import annotations

import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from page_newsroom import context_in, desk_in

from alerts.rules import Backtest, RuleDraft, rule_of
from alerts.search import articles
from monitor.context import Context
from monitor.web.drafts.draft_form import DraftForm
from monitor.web.drafts.trial import Trials, TrialState

FORM = DraftForm(draft=RuleDraft(id="r", query="wolf"))
WOLF, SHEEP = rule_of(id="r", text="wolf"), rule_of(id="r", text="schaap")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder: Path = tmp_path_factory.mktemp("trial")
    desk = desk_in(folder)
    for number, about in enumerate(["wolf", "schaap", "wolf en schaap"]):
        desk.publish(f"Over {about}", f"Een {about} hier.", number=number)
    desk.writer.close()
    return context_in(folder)


def test_a_trial_says_what_a_backtest_says_and_there_is_one_at_a_time(context: Context) -> None:
    trials = Trials(context, threading.Event())

    assert trials.start(WOLF, SHEEP, FORM, "redactie")
    assert not trials.start(SHEEP, None, FORM, "iemand anders")
    trials.wait()

    last = trials.last
    assert last is not None
    assert (last.state, last.user, last.total) == (TrialState.DONE, "redactie", 3)
    work = Backtest(WOLF, SHEEP, timezone=ZoneInfo(context.settings.schedule.timezone))
    for each in articles(context.reader()):
        work.read(each.number, each.document, each.published, each.story)
    assert last.report == work.report()
    assert trials.start(SHEEP, None, FORM, "iemand anders")
    trials.cancel()


@pytest.mark.parametrize("by", ["cancel", "stop"])
def test_a_trial_ends_at_once_when_it_is_cancelled_or_the_page_stops(
    context: Context, by: str
) -> None:
    closing = threading.Event()
    trials = Trials(context, closing)
    trials.start(WOLF, None, FORM, "")

    if by == "stop":
        closing.set()
        trials.wait()
        assert not trials.start(WOLF, None, FORM, "")
    else:
        trials.cancel()

    assert trials.last is not None
    assert trials.last.state is TrialState.CANCELLED


def test_what_goes_wrong_in_the_process_is_said(tmp_path: Path) -> None:
    trials = Trials(context_in(tmp_path), threading.Event())

    trials.start(WOLF, None, FORM, "")
    trials.wait()

    assert trials.last is not None
    assert trials.last.state is TrialState.FAILED
    assert trials.last.bug
