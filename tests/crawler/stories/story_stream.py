"""A labelled fortnight of news: wires and edited copies, hard negatives, items of moulds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from random import Random

from sqlite_utils import Database
from story_corpus import OUTLETS, START, Piece, as_article, pieces, statements, wires
from story_edits import EDITS, byline_and_footer, headline, house_typography
from story_templates import LEARNT, UNSEEN, Mould

from crawler.model import Article
from crawler.store import ArticleStore, Connection, migrations
from crawler.store.stories.index import StoryIndex
from crawler.stories.related_stories import SAME_EVENT

Partition = Mapping[str, str]


# Two of these together would leave too little of a short wire to call it the same text.
HEAVY = {"headline_and_lead", "cut_to_40_percent", "cut_to_25_percent", "embedded"}
HEAVY |= {"local_reaction_added"}
PAIRS = [
    pair
    for pair in combinations(EDITS.values(), 2)
    if not {edit.__name__ for edit in pair} <= HEAVY
]


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article, the story that it tells in truth, and how it was made."""

    article: Article
    story: str
    made: str = ""


class _Desk:
    """Makes articles of pieces, each with its own id and one of the outlets."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.made: list[Labelled] = []

    def bring(
        self, piece: Piece, story: str, at: datetime, made: str = "", outlet: str | None = None
    ) -> None:
        name = f"{len(self.made):05}"
        outlet = outlet or self.rng.choice(OUTLETS)
        self.made.append(Labelled(as_article(piece, name, outlet=outlet, at=at), story, made))

    def soon(self) -> timedelta:
        """How long after the wire a copy appears: mostly hours, at times more than a day."""
        return timedelta(hours=min(40.0, self.rng.expovariate(1 / 5)))

    def within(self, hours: float) -> timedelta:
        return timedelta(hours=self.rng.uniform(0, hours))


def wire_stream(seed: int, *, double_edits: int = 3) -> list[Labelled]:
    """Each wire with a copy by every kind of edit, and some by two kinds at once."""
    desk = _Desk(seed)
    for wire in wires():
        at = START + desk.within(240)
        desk.bring(wire, wire.slug, at)
        for edit in EDITS.values():
            desk.bring(edit(wire, desk.rng), wire.slug, at + desk.soon(), edit.__name__)
        for first, second in desk.rng.sample(PAIRS, double_edits):
            twice = second(first(wire, desk.rng), desk.rng)
            made = f"{first.__name__}, {second.__name__}"
            desk.bring(twice, wire.slug, at + desk.soon(), made)
    return desk.made


def negatives_stream(seed: int) -> list[Labelled]:
    """The same events in other words and a day later, and statements that two outlets quote."""
    desk = _Desk(seed + 1)
    told = {wire.slug: wire for wire in wires()}
    for piece in pieces("other-words.txt"):
        desk.bring(piece, f"{piece.slug} in other words", START + desk.within(12))
        desk.bring(told[piece.slug], piece.slug, START + desk.within(12), "wire")
    for piece in pieces("next-day.txt"):
        at = START + timedelta(hours=24) + desk.within(12)
        # The next day's report ends, as these do, with what was in yesterday's.
        background = told[piece.slug].body[-2:]
        carried = piece.with_body(*piece.body, *background)
        desk.bring(desk.rng.choice((piece, carried)), f"{piece.slug} a day later", at)
    for pair in statements():
        for piece in pair:
            desk.bring(piece, piece.slug, START + desk.within(24))
    return desk.made


def mould_stream(seed: int, moulds: Iterable[Mould], each: int = 40) -> list[Labelled]:
    """Items of every mould through a fortnight, a third of them copied by another outlet."""
    desk = _Desk(seed + 2)
    for turn, mould in enumerate(moulds):
        # Half of the moulds are one outlet's own, the others an agency's that any outlet brings.
        home = OUTLETS[turn % len(OUTLETS)] if turn % 2 else None
        for number in range(each):
            at = START + timedelta(days=13) * number / each
            piece = mould(desk.rng, 7 * number + at.weekday())
            desk.bring(piece, piece.slug, at, outlet=home)
            if desk.rng.random() < 1 / 3:
                edit = desk.rng.choice((byline_and_footer, headline, house_typography))
                desk.bring(edit(piece, desk.rng), piece.slug, at + desk.within(6), edit.__name__)
    return desk.made


def in_order(*streams: Sequence[Labelled]) -> list[Labelled]:
    """The streams as one, with ids that do not clash, in the order of time."""
    merged = [
        replace(
            one,
            article=replace(one.article, id=f"{one.article.id}-{n}", key=f"{one.article.key}-{n}"),
        )
        for n, stream in enumerate(streams)
        for one in stream
    ]
    return sorted(merged, key=lambda one: one.article.first_seen)


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def pair_score(truth: Partition, found: Partition) -> Score:
    """Of all pairs in one story: how many of those found are true, and the other way about."""
    both = _pairs(Counter((truth[one], found[one]) for one in truth))
    return Score(
        both / (_pairs(Counter(found[one] for one in truth)) or 1),
        both / (_pairs(Counter(truth.values())) or 1),
    )


def _pairs(sizes: Counter[object]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def b_cubed(truth: Partition, found: Partition) -> Score:
    """For each article, how much of its story is right (Bagga and Baldwin, 1998); the mean."""
    return Score(_mean_share(found, truth), _mean_share(truth, found))


def _mean_share(grouped: Partition, by: Partition) -> float:
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one, group in grouped.items():
        groups[group][by[one]] += 1
    shares = (groups[group][by[one]] / groups[group].total() for one, group in grouped.items())
    return sum(shares) / len(grouped)


def event(story: str) -> str:
    """What a story is about, whoever tells it; a mould's item is an event of its own."""
    if any(story.startswith(f"{mould.name}/") for mould in (*LEARNT, *UNSEEN)):
        return story
    return re.split(r" in other| a day|/", story)[0]


def relations(stream: Sequence[Labelled]) -> tuple[int, int, int]:
    """How many pairs of stories are related rightly, wrongly, and not although they should be."""
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw))
    archive = ArticleStore(db)
    first: dict[str, Labelled] = {}
    for one in stream:
        with db.transaction():
            saved = archive.save(one.article, now=one.article.first_seen)
        first.setdefault(saved.story, one)
    StoryIndex(db).link_waiting()
    rows = db.execute("SELECT story, other FROM related_stories WHERE story < other").fetchall()
    linked = {(story, other) for story, other in rows}
    due = {
        (story, other)
        for story, other in combinations(sorted(first), 2)
        if event(first[story].story) == event(first[other].story)
        and abs(first[story].article.published - first[other].article.published) <= SAME_EVENT
    }
    return len(linked & due), len(linked - due), len(due - linked)
