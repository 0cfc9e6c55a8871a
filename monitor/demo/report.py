"""The report of the demonstration: what was read, what matched, and what did not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from alerts.alert import Quote
from crawler.frozen import dataclass
from crawler.text import joined_spans, one_line
from monitor.demo.tally import OutletReading

_HIT = "bold black on yellow"
_FIELDS = {"title": "headline", "lead": "lead", "body": "text"}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence with its hits: `spans` are offsets into `text`, `field` says where it stood."""

    field: str
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStory:
    """One story that matched: who carries it, which rules found it, and what followed."""

    title: str
    outlets: tuple[str, ...]
    rules: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """An article that a simpler matcher would have reported; `matched` should be empty."""

    outlet: str
    title: str
    trap: str
    matched: tuple[str, ...] = ()


def merged_excerpts(excerpts: Iterable[Excerpt]) -> tuple[Excerpt, ...]:
    """One excerpt for each sentence, with the hits of all excerpts of it."""
    spans: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for excerpt in excerpts:
        spans.setdefault((excerpt.field, excerpt.text), set()).update(excerpt.spans)
    return tuple(Excerpt(name, text, tuple(sorted(at))) for (name, text), at in spans.items())


def excerpts_of(quotes: Iterable[Quote]) -> tuple[Excerpt, ...]:
    """The quotes of alerts as excerpts, one for each sentence."""
    return merged_excerpts(
        Excerpt(quote.field, quote.context, ((quote.at, quote.at + len(quote.text)),))
        for quote in quotes
    )


def heading(title: str) -> RenderableType:
    """The title of a part."""
    return Padding(Rule(Text(one_line(title), style="bold"), align="left"), (1, 0, 1, 0))


def readings_table(readings: Sequence[OutletReading]) -> RenderableType:
    """A table of what each outlet was asked, what it answered, and what is special about it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("outlet", no_wrap=True)
    table.add_column("what it is like")
    for name in ("polls", "304", "pages", "walls", "faults"):
        table.add_column(name, justify="right")
    for reading in readings:
        numbers = (
            *(reading.polls, reading.unchanged, reading.pages),
            *(reading.walled, reading.failed),
        )
        about = Text(reading.listings)
        if reading.remark:
            about.append(f"\n{reading.remark}", style="dim")
        table.add_row(Text(reading.outlet), about, *(str(number) for number in numbers))
    return table


def stories_found(found: Sequence[FoundStory], *, marks: bool = False) -> RenderableType:
    """The stories that matched, each with its hits highlighted in their sentences.

    `marks` puts «» around a hit as well, for output without colours.
    """
    return Group(*(_story(story, marks=marks) for story in found))


def _story(story: FoundStory, *, marks: bool) -> RenderableType:
    head = Text.assemble(("● ", "green"), (one_line(story.title), "bold"))
    carried = Text(", ".join(one_line(outlet) for outlet in story.outlets), style="cyan")
    rules = Text.assemble(("rules  ", "dim"), one_line(", ".join(story.rules)))
    lines = [excerpt_text(excerpt, marks=marks) for excerpt in story.excerpts]
    events = [Text.assemble(("→ ", "green"), one_line(event)) for event in story.events]
    return Group(head, Padding(Group(carried, rules, *lines, *events), (0, 0, 1, 2)))


def excerpt_text(excerpt: Excerpt, *, marks: bool = False) -> Text:
    """The sentence on one line, hits highlighted, control characters gone."""
    text = Text(f"{_FIELDS.get(excerpt.field, excerpt.field):<8} ", style="dim")
    at = 0
    for start, end in joined_spans(excerpt.spans):
        text.append(_plain(excerpt.text[at:start]), style="not dim")
        hit = _plain(excerpt.text[start:end])
        text.append(f"«{hit}»" if marks else hit, style=f"not dim {_HIT}")
        at = end
    text.append(_plain(excerpt.text[at:]), style="not dim")
    return text


def _plain(part: str) -> str:
    """The part, cleaned. Blanks at its ends stay, since hits stand beside it."""
    before = " " if part[:1].isspace() else ""
    after = " " if part[-1:].isspace() and part.strip() else ""
    return f"{before}{one_line(part)}{after}"


def traps_table(passed: Sequence[Passed]) -> RenderableType:
    """What did not alert and why; an article that matched after all stands out."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column("article")
    table.add_column("why it is not reported")
    for item in passed:
        article = Text.assemble(one_line(item.title), (f"\n{one_line(item.outlet)}", "dim"))
        if item.matched:
            rules = one_line(", ".join(item.matched))
            why = Text(f"matched {rules}, and should not have", style="bold red")
            table.add_row(Text("✗", style="bold red"), article, why)
        else:
            table.add_row(Text("✓", style="green"), article, Text(one_line(item.trap)))
    return table
