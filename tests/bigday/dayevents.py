"""The events of a simulated day: reports with their copies, stubs, corrections, live blogs."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from daylanguage import Writer, house_style, numbers_in, other_number
from dayplan import (
    MINUTE,
    OUTLETS,
    START,
    Block,
    Calendar,
    Day,
    Form,
    Paragraph,
    Piece,
    Sentence,
    Size,
    Version,
)

_STANDING = (
    "Dit is een bericht in ontwikkeling; zodra er meer bekend is, leest u dat op deze pagina of "
    "in onze app.",
    "Meer nieuws uit uw buurt vindt u de hele dag op onze site, in de app en bij het journaal van "
    "zes uur.",
)
_KINDS = ("cut", "headline", "own", "style", "cut-own", "number", "style-own", "cut", "headline")


@dataclass
class Newsdesk:
    """What all outlets bring on one day, made from a seed."""

    seed: int
    size: Size
    pieces: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = Writer(f"woorden {self.seed}")
        self.rng = random.Random(f"dag {self.seed}")
        self.calendar = Calendar(self.size)
        self._facts = 0

    def fact(self, event: str, text: str, **more: bool) -> Sentence:
        self._facts += 1
        return Sentence(text, f"{event}/{self._facts}", **more)

    def hit(self, event: str, topic: str) -> Sentence:
        return self.fact(event, self.words.hit(topic))

    def headline(self, event: str, topic: str, **more: bool) -> Sentence:
        text = self.words.headline(topic)
        return self.fact(event, text, **more) if topic else Sentence(text)

    def paragraph(self, *hits: Sentence, sentences: int = 3) -> Paragraph:
        fillers = [Sentence(self.words.filler()) for _ in range(sentences - len(hits))]
        found = [*fillers, *hits]
        self.rng.shuffle(found)
        return tuple(found)

    def text(self, hits: Sequence[Sentence], paragraphs: int) -> tuple[Paragraph, ...]:
        """Paragraphs with these sentences in them, the first in the first."""
        places = sorted(self.rng.sample(range(1, paragraphs), len(hits) - 1)) if hits else []
        spread = dict(zip([0, *places], hits, strict=False))
        return tuple(
            self.paragraph(*([spread[number]] if number in spread else []))
            for number in range(paragraphs)
        )

    def publish(self, event: str, outlet: str, version: Version, **more: object) -> Piece:
        name = f"{outlet}{len(self.pieces):03d}"
        path = f"/nieuws/{len(self.pieces) + 4100}/{self.words.slug(version.title.text)}"
        piece = Piece(
            name=name,
            outlet=outlet,
            event=event,
            path=path,
            versions=[version],
            **more,  # type: ignore[arg-type]  # as given
        )
        self.pieces.append(piece)
        return piece

    def report(self, event: str, topic: str, outlet: str, at: datetime, *, hits: int = 4) -> Piece:
        """A report of some twenty sentences, with a hit in headline, lead and text."""
        text = self.text([self.hit(event, topic) for _ in range(hits)], hits + 3)
        lead = (self.hit(event, topic), Sentence(self.words.filler()))
        title = self.headline(event, topic)
        return self.publish(event, outlet, Version(at, title, lead, (Block(text),)))

    def others(self, outlet: str) -> list[str]:
        found = [name for name in OUTLETS if name != outlet]
        self.rng.shuffle(found)
        return found


def revised(piece: Piece, at: datetime, **changes: object) -> None:
    """Let a piece say something else from then on."""
    last = replace(piece.versions[-1], at=at, returns=frozenset(), listed=True, redated=False)
    piece.versions.append(replace(last, **changes))  # type: ignore[arg-type]  # as given


def rewritten(
    blocks: tuple[Block, ...], change: Callable[[Sentence], Sentence]
) -> tuple[Block, ...]:
    """The same blocks with each sentence changed."""
    return tuple(
        replace(block, paragraphs=tuple(tuple(map(change, part)) for part in block.paragraphs))
        for block in blocks
    )


def spread(desk: Newsdesk, count: int, since: float, until: float) -> Iterator[datetime]:
    """Times over the day, not quite even."""
    for number in range(count):
        share = (number + 0.2 + 0.6 * desk.rng.random()) / count
        yield desk.calendar.at(since + (until - since) * share).replace(second=0, microsecond=0)


def reports_and_copies(desk: Newsdesk) -> None:
    """Reports of a wire, and what three other outlets make of each."""
    topics = ("jihad", "kampen", "gijzel", "jihad", "akkoord", "hulp")
    headless = {"gijzel", "akkoord", "hulp"}
    left = desk.size.copies
    times = list(spread(desk, desk.size.reports, 7.5, 18.5))
    for number, at in enumerate(times):
        event, topic = f"bericht{number}", topics[number % len(topics)]
        outlet = desk.rng.choice(list(OUTLETS))
        original = desk.report(event, topic if topic not in headless else "jihad", outlet, at)
        if topic in headless:  # a report with sentences of two rules
            longer = _longer(desk, original, topic)
            original.versions[0] = replace(original.versions[0], blocks=longer)
        share = math.ceil(left / (len(times) - number))
        for order, other in enumerate(desk.others(outlet)[: min(3, share)]):
            kind = _KINDS[(desk.size.copies - left) % len(_KINDS)]
            later = (order * 25 + desk.rng.randint(4, 20)) * MINUTE
            copy_of(desk, original, other, at + later, kind)
            left -= 1


def _longer(desk: Newsdesk, piece: Piece, topic: str) -> tuple[Block, ...]:
    """The text of a report with one more paragraph, in which there is a hit."""
    (block,) = piece.versions[0].blocks
    return (Block((*block.paragraphs, desk.paragraph(desk.hit(piece.event, topic)))),)


def copy_of(desk: Newsdesk, original: Piece, outlet: str, at: datetime, kind: str) -> Piece:
    """What another outlet makes of a report."""
    version = replace(original.versions[0], at=at)
    (block,) = version.blocks
    event, paragraphs = original.event, list(block.paragraphs)
    if "cut" in kind:
        paragraphs = paragraphs[: math.ceil(len(paragraphs) * 0.6)]
    if "own" in kind:
        own = desk.paragraph(desk.hit(event, "jihad"))
        paragraphs.insert(len(paragraphs) * 2 // 3, own)
    blocks: tuple[Block, ...] = (Block(tuple(paragraphs)),)
    if "style" in kind:
        blocks = rewritten(blocks, lambda each: replace(each, text=house_style(each.text)))
    if kind == "headline":
        version = replace(version, title=desk.headline(event, "jihad", extra=True))
    if kind == "number":
        blocks = rewritten(blocks, _once(desk, event))
    return desk.publish(event, outlet, replace(version, blocks=blocks))


def _once(desk: Newsdesk, event: str) -> Callable[[Sentence], Sentence]:
    """Gives the first sentence with a hit and a number another number."""
    done: list[str] = []

    def change(each: Sentence) -> Sentence:
        numbers = numbers_in(each.text)
        if done or not each.fact or not numbers:
            return each
        done.append(each.fact)
        return desk.fact(event, other_number(each.text, numbers[0] + 103))

    return change


def late_page(desk: Newsdesk) -> None:
    """A copy whose page fails for half an hour and a minute."""
    at = desk.calendar.at(8.6)
    original = desk.report("late-pagina", "jihad", "noorder", at)
    copy = copy_of(desk, original, "stads", at + 9 * MINUTE, "copy")
    copy.fails_until = copy.at + 31 * MINUTE


def stubs(desk: Newsdesk) -> None:
    """Some words of news over the line that an outlet puts under all of them."""
    for number, at in enumerate(spread(desk, desk.size.stubs, 7.2, 20)):
        event, outlet = f"kort{number}", ("delta", "kwartier")[number % 2]
        told = desk.hit(event, "brand")
        line = Sentence(_STANDING[number % 2])
        version = Version(at, desk.headline(event, "brand"), (told,), (Block(((told,), (line,))),))
        desk.publish(event, outlet, version)


def courts(desk: Newsdesk) -> None:
    """Reports of two outlets from one court, each over the same paragraph of background."""
    known = desk.words.hit("rechters")
    words = [desk.words.filler(), known, desk.words.filler(), desk.words.filler()]
    for number, at in enumerate(spread(desk, desk.size.courts, 8, 20)):
        event = f"zitting{number}"
        background = tuple(
            Sentence(text, f"{event}/achtergrond" if text == known else "") for text in words
        )
        own = desk.text([desk.hit(event, "rechters"), desk.hit(event, "rechters")], 3)
        text = (*own, background) if number % 3 else (*own[:2], background, own[2])
        title, lead = desk.headline(event, "rechters"), (desk.hit(event, "rechters"),)
        outlet = ("noorder", "stads")[number % 2]
        desk.publish(event, outlet, Version(at, title, lead, (Block(text),)))


def corrections(desk: Newsdesk) -> None:
    """Numbers that go up, down, and back to what they were."""
    ways = (
        ("omhoog", 31, "delta", 8.2),
        ("omlaag", 7, "noorder", 9.4),
        ("terug", 44, "stads", 10.1),
    )
    for number, (name, value, outlet, hour) in enumerate(ways):
        event = f"correctie-{name}"
        piece = desk.report(event, "jihad", outlet, desk.calendar.at(hour))
        first = piece.versions[0].blocks
        old = next(each for each in first[0].sentences if each.fact and numbers_in(each.text))
        new = desk.fact(event, other_number(old.text, value))

        def change(each: Sentence, old: Sentence = old, new: Sentence = new) -> Sentence:
            return new if each == old else each

        at = piece.at + (35 + 5 * number) * MINUTE
        revised(piece, at, blocks=rewritten(first, change), listed=number != 1, redated=number != 1)
        if name == "terug":
            back = frozenset({old.fact})
            revised(piece, at + 50 * MINUTE, blocks=first, redated=True, returns=back)


def headline_test(desk: Newsdesk) -> None:
    """An article whose feed gives two headlines by turns."""
    event = "koppen"
    piece = desk.report(event, "jihad", "kwartier", desk.calendar.at(8))
    titles = piece.versions[0].title, desk.headline(event, "jihad")
    turns = int(desk.size.span * 6 / 14 / (10 * MINUTE))
    for turn in range(1, turns + 1):
        revised(piece, piece.at + turn * 10 * MINUTE, title=titles[turn % 2])


def walls(desk: Newsdesk) -> None:
    """Stubs before a pay wall, and the whole text at another outlet hours later."""
    for number, at in enumerate(spread(desk, desk.size.stubs_behind_walls, 8.5, 13)):
        event = f"muur{number}"
        later = at + desk.size.span * 3 / 14
        whole = desk.report(event, "jihad", "noorder", later, hits=5)
        version = whole.versions[0]
        opening = Block(version.blocks[0].paragraphs[:2])
        cut = replace(version, at=at, blocks=(opening,))
        desk.publish(event, "kwartier", cut, form=Form.WALLED)


def silence(desk: Newsdesk) -> None:
    """A report that comes while its rule is silenced, goes on afterwards, and is copied then."""
    begins, ends = desk.calendar.silence
    piece = desk.report("stilte", "kampen", "delta", begins + 6 * MINUTE)
    copy_of(desk, piece, "noorder", ends + 20 * MINUTE, "copy")
    longer = _longer(desk, piece, "kampen")
    revised(piece, ends + 45 * MINUTE, blocks=longer, redated=True)


def backlog(desk: Newsdesk) -> None:
    """What stood there before the first look; one report gets a paragraph later."""
    for number, outlet in enumerate(sorted(OUTLETS) * (desk.size.yesterday // len(OUTLETS))):
        text = Block(desk.text([], 4))
        head = desk.headline("", ""), (Sentence(desk.words.filler()),)
        desk.publish("", outlet, Version(START - number * MINUTE, *head, (text,)))
    piece = desk.report("eerder", "jihad", "kwartier", START - 40 * MINUTE)
    longer = _longer(desk, piece, "jihad")
    revised(piece, START + 50 * MINUTE, blocks=longer, redated=True)


def night(desk: Newsdesk) -> None:
    """What is published in quiet hours, with a copy that adds something."""
    begins, ends = desk.calendar.quiet
    first = desk.report("nacht0", "jihad", "stads", begins + (ends - begins) / 4)
    copy_of(desk, first, "delta", first.at + 25 * MINUTE, "cut-own")
    desk.report("nacht1", "rechters", "noorder", begins + (ends - begins) / 2)


@dataclass(frozen=True, slots=True)
class LiveBlog:
    """What a live blog is about, and when; `many` hits of a topic stand in one of its items."""

    event: str
    outlet: str
    form: Form
    hours: tuple[float, float]
    topics: tuple[str, ...]
    many: tuple[str, int] | None = None


_BLOGS = (
    LiveBlog(
        "live0", "noorder", Form.LIVE_ALL, (7.6, 17.6), ("jihad", "kampen", "hulp"), ("kampen", 16)
    ),
    LiveBlog(
        "live1", "stads", Form.LIVE_NEWEST, (9, 19), ("jihad", "gijzel", "kampen"), ("jihad", 55)
    ),
    LiveBlog("live2", "kwartier", Form.LIVE_PLAIN, (14, 20.8), ("kampen", "hulp", "jihad")),
)


def live_blogs(desk: Newsdesk) -> None:
    """Three live blogs: in JSON-LD, with the newest twenty only, and as plain paragraphs."""
    own = desk.report("live0", "jihad", "noorder", desk.calendar.at(7.2)).versions[0]
    # The outlet's own report stands in its live blog.
    opening = Block((own.lead, *own.blocks[0].paragraphs), desk.calendar.at(7.5), "live0-opening")
    for number, blog in enumerate(_BLOGS):
        _live(desk, blog, *([] if number else [opening]))


def _live(desk: Newsdesk, blog: LiveBlog, *opening: Block) -> None:
    begins, ends = (desk.calendar.at(hour).replace(second=0, microsecond=0) for hour in blog.hours)
    title = Sentence(f"Liveblog: {desk.words.headline('')}")
    lead = (Sentence(desk.words.filler()),)
    versions = [Version(begins, title, lead, (_item(desk, blog, begins, 0), *opening))]
    at, many = begins, blog.many
    while (at := at + _gap(desk)) < ends:
        block = _item(desk, blog, at, len(versions))
        if many and at > begins + (ends - begins) * 0.55:
            block, many = _overview(desk, blog.event, *many, at), None
        versions.append(Version(at, title, lead, (block, *versions[-1].blocks), listed=False))
    piece = desk.publish(blog.event, blog.outlet, versions[0], form=blog.form, ends=ends)
    piece.date_moves = blog.form is Form.LIVE_ALL
    piece.window = desk.size.window if blog.form is Form.LIVE_NEWEST else None
    piece.versions = versions


def _overview(desk: Newsdesk, event: str, topic: str, count: int, at: datetime) -> Block:
    """An item with many hits at once: what is known so far."""
    hits = [desk.hit(event, topic) for _ in range(count)]
    paragraphs = tuple(desk.paragraph(hit, sentences=2) for hit in hits)
    return Block(paragraphs, at.replace(second=0), f"{event}-overzicht")


def _gap(desk: Newsdesk) -> timedelta:
    return desk.size.live_every * desk.rng.choice((0.6, 0.8, 1, 1.2, 1.4)) * MINUTE


def _item(desk: Newsdesk, blog: LiveBlog, at: datetime, order: int) -> Block:
    """An item: with a hit, with a word that is no hit, or with neither."""
    chance = desk.rng.random()
    told: list[Sentence] = []
    if chance < 0.42:
        told = [desk.hit(blog.event, desk.rng.choice(blog.topics))]
    elif chance < 0.55 and blog.form is not Form.LIVE_PLAIN:  # there nobody can tell items apart
        told = [Sentence(desk.words.lure(desk.rng.randrange(3)), lure=True)]
    paragraph = desk.paragraph(*told, sentences=desk.rng.choice((2, 3)))
    return Block((paragraph,), at.replace(second=0), f"{blog.event}-{order}")


def day_of(seed: int, size: Size) -> Day:
    """The day that this seed gives."""
    desk = Newsdesk(seed, size)
    everything = (
        *(live_blogs, reports_and_copies, late_page, stubs, courts, corrections),
        *(headline_test, walls, silence, backlog, night),
    )
    for events in everything:
        events(desk)
    return Day(desk.calendar, desk.pieces)
