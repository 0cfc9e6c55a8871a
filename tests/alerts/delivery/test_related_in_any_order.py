"""Related stories in any order, with restarts: each sentence is told once, and in its thread."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from deliverydesk import Desk, ScriptedChannel, failing, open_desk
from hearing import breaches, rows, shown
from hypothesis import given, settings, strategies as st
from one_event import FIRE, every_sentence, told
from outbox_desk import silence

from alerts.alert import EventKind
from alerts.message import Message
from alerts.outcome import Outcome
from alerts.telling import TellingState
from crawler.store import ArticleStore

TARGETS = ("een", "twee")
DAY = timedelta(hours=24)
LATER = {
    outlet: f"Bij {outlet} noemt een getuige de brand bij Doornbosch {word}."
    for outlet, word in zip(FIRE, ("fel", "heet", "luid", "geel"), strict=True)
}

# What happens on a day: a report comes in, or more of it; minutes pass; the process starts anew;
# the receiver refuses the next message; people keep it quiet for a while.
STEPS = st.lists(
    st.sampled_from([*FIRE, *FIRE, "restart", "restart", "refuse", "silence"])
    | st.integers(1, 40)
    | st.just(25 * 60),
    min_size=4,
    max_size=14,
)


def lived(path: Path, steps: list[str | int], **plan: object) -> Desk:
    desk = open_desk(path)
    channel = desk.add_channel(targets=TARGETS, **plan)
    desk.rules(brand="kaas* OR doornbosch")
    came = Counter[str]()
    for step in steps:
        if isinstance(step, int):
            desk.send_over(timedelta(minutes=step))
        elif step == "restart":
            desk.writer.close()
            again = open_desk(path)
            desk.writer = again.writer
        elif step == "refuse":
            channel.script = [failing(Outcome.MESSAGE_REJECTED)] * 2
        elif step == "silence" and not came["silence"]:
            came["silence"] += 1
            silence(desk)
        elif step in FIRE:
            told(desk, step, *([LATER[step]] if came[step] else []))
            came[step] += 1
    channel.script = []
    desk.send_over(2 * DAY)
    return desk


def received(channel: ScriptedChannel, target: str) -> list[Message]:
    """The news that this target took, each message as it was at its last attempt, in order."""
    last = {parcel.message.id: parcel for parcel in channel.parcels if parcel.message.entries}
    mine = [parcel for parcel in last.values() if parcel.target == target]
    mine.sort(key=lambda parcel: parcel.now)
    return [parcel.message for parcel in mine if parcel.message.id in channel.accepted]


def related(desk: Desk, story: str) -> list[str]:
    return desk.writer.run(lambda db: ArticleStore(db).related(story))


def check_threads(desk: Desk, received: list[Message]) -> None:
    """Every story that is told first stands with a related one that was told, or by itself."""
    heard_of = dict[str, Message]()
    for message in received:
        here = [entry.story for entry in message.entries]
        for entry in message.entries:
            if entry.story not in heard_of:
                if entry.earlier:
                    assert entry.earlier.story in {*heard_of, *here} - {entry.story}
                elif not set(related(desk, entry.story)) & heard_of.keys():
                    assert entry is message.entries[0]
        main = message.entries[0]
        if message.thread:
            assert message.thread.root in {other.id for other in heard_of.values()}
        elif not main.earlier and {alert.kind for alert in main.alerts} == {EventKind.STORY}:
            assert message.kind is EventKind.STORY
        for story in here:
            heard_of.setdefault(story, message)


@settings(max_examples=25)
@given(STEPS)
def test_each_sentence_is_told_once_to_each_receiver_and_nothing_is_lost(
    steps: list[str | int],
) -> None:
    with TemporaryDirectory() as folder:
        desk = lived(Path(folder) / "nieuws.db", steps)
        (channel,) = desk.channels
        for target in TARGETS:
            accepted = received(channel, target)
            sentences = [sentence for message in accepted for sentence in shown(message)]
            assert len(sentences) == len(set(sentences))
            known = [row for row in rows(desk) if row.receiver.target == target]
            kept = {row.passage.text for row in known if row.state is TellingState.UNTOLD}
            came = [step for step in steps if step in FIRE]
            due = every_sentence(*came) | {LATER[one] for one in came if came.count(one) > 1}
            assert due == set(sentences) | kept
            assert not set(sentences) & kept
            check_threads(desk, accepted)
        assert breaches(desk) == []
        desk.writer.close()
