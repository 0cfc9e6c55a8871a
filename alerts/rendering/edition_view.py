"""An edition of a morning paper as a reader sees it, before a channel gives it its own form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from alerts.alert import Edit
from alerts.edition import Edition, EditionChange, EditionQuote, EditionStory
from alerts.match import Priority
from alerts.rendering.clean import harmless_address, one_line
from alerts.rendering.phrases import Phrases, phrases_of
from alerts.rendering.tale import Link, PassageView, Run, Style, Tale, View


def view_of_edition(edition: Edition, style: Style) -> View:
    """What a reader sees of this edition; its language is that of the paper."""
    writer = EditionWriter(edition, style)
    words = writer.words
    return View(
        subject=f"{one_line(edition.name)}, {writer.date}",
        intro=f"{one_line(edition.name)}, {writer.date}",
        lines=tuple(writer.lines()),
        tales=tuple(writer.tales()),
        notices=tuple(writer.notices()),
        more=words.stories_beyond.of(edition.left_out) if edition.left_out else "",
        following=edition.left_out,
        paper=True,
    )


class EditionWriter:
    """Words for the parts of one edition, in its language and in this time zone."""

    def __init__(self, edition: Edition, style: Style) -> None:
        self._edition, self._zone = edition, style.zone
        self.words = phrases_of(edition.language)

    @property
    def date(self) -> str:
        """The day of the edition in full."""
        return long_date(date.fromisoformat(self._edition.key.day), self.words)

    def time(self, moment: datetime) -> str:
        """The time of day, with the day where that is another one."""
        local, words = moment.astimezone(self._zone), self.words
        if local.date().isoformat() == self._edition.key.day:
            return f"{local:%H:%M}"
        return words.short_clock.format(
            day=words.days[local.weekday()],
            number=local.day,
            month=words.months[local.month - 1],
            time=f"{local:%H:%M}",
        )

    def lines(self) -> Iterator[str]:
        """Yield what stands above all stories."""
        one, words = self._edition, self.words
        if one.late:
            yield words.paper_late.format(self.time(one.due))
        yield self.summary
        if one.foreword:
            yield from (one_line(line) for line in one.foreword.split("\n") if line.strip())

    @property
    def summary(self) -> str:
        """How much there is, of how much, and since when."""
        one, words = self._edition, self.words
        phrase = words.paper_summary if one.stories or one.left_out else words.paper_nothing
        stories = words.stories.of(len(one.stories) + one.left_out)
        told = {
            "items": words.items.of(one.read),
            "outlets": words.outlets.of(one.outlets),
            "since": self.time(one.since),
        }
        return phrase.format(
            **({"stories": stories} if phrase is words.paper_summary else {}), **told
        )

    def tales(self) -> Iterator[Tale]:
        """Yield its stories; the first of each section names its subject."""
        for section in self._edition.sections:
            for at, story in enumerate(section.stories):
                yield self._tale(story, one_line(section.title) if at == 0 else "")

    def _tale(self, story: EditionStory, section: str) -> Tale:
        words, outlet = self.words, one_line(story.outlet)
        kicker = self.kicker(story)
        passages = tuple(self._passages(story))
        return Tale(
            title=one_line(story.title),
            source=words.article.format(outlet=outlet, time=self.time(story.published)),
            link=Link(words.read_at.format(outlet), harmless_address(story.url)),
            urgent=story.priority is Priority.HIGH,
            relation=tuple(line for line in (section and f"- {section} -", kicker) if line),
            headline=_headline(story),
            passages=passages,
            most=len(passages),
            alerts=((story.story, story.more),),
            others=tuple(
                Link(one_line(other.outlet), harmless_address(other.url)) for other in story.also
            ),
            section=section,
            kicker=kicker,
            remarks=tuple(self._remarks(story)),
        )

    def kicker(self, story: EditionStory) -> str:
        """That a story runs on, or that more outlets have it; empty for a new one."""
        words = self.words
        if story.only_copies:
            return words.paper_copies
        return words.paper_runs_on.format(self.time(story.since)) if story.since else ""

    def _remarks(self, story: EditionStory) -> Iterator[str]:
        if story.note:
            yield self.words.paper_note.format(one_line(story.note))
        if story.partial:
            yield self.words.partial

    def _passages(self, story: EditionStory) -> Iterator[PassageView]:
        for change in story.changes:
            yield self._change(story, change)
        quote = story.quote
        if quote and quote.text:
            alerts = (story.story,) if quote.key else ()
            yield PassageView(key=quote.key, alerts=alerts, runs=runs_of(quote))

    def _change(self, story: EditionStory, change: EditionChange) -> PassageView:
        words = self.words
        names = {"title": words.title, "lead": words.lead, "body": words.sentence}
        name = names.get(change.field, change.field)
        outlet = one_line(change.outlet)
        return PassageView(
            key=change.key,
            alerts=(story.story,) if change.key else (),
            heading=f"{words.correction.format(outlet)}: {name.lower()}",
            edit=Edit(change.field, one_line(change.before), one_line(change.after)),
        )

    def notices(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what stands below all stories: waves, and who was silent."""
        one, words = self._edition, self.words
        if one.waves:
            lines = (
                words.paper_wave.format(
                    rule=one_line(wave.rule_name),
                    stories=words.stories.of(wave.stories),
                    since=self.time(wave.began),
                )
                for wave in one.waves
            )
            yield words.paper_waves, tuple(lines)
        if one.silent:
            quiet = (
                words.paper_silent_line.format(
                    outlet=one_line(silent.outlet), since=self.time(silent.since)
                )
                for silent in one.silent
            )
            yield words.paper_silent, tuple(quiet)


def _headline(story: EditionStory) -> tuple[PassageView, ...]:
    """What is shown without a line of its own: the headline, and the rest of a correction."""
    keys = (story.headline, *(story.quote.with_it if story.quote else ()))
    return tuple(
        PassageView(key=key, alerts=(story.story,), runs=(Run(story.title),)) for key in keys if key
    )


def runs_of(quote: EditionQuote) -> tuple[Run, ...]:
    """The sentence with its hits marked."""
    runs, at = list[Run](), 0
    for start, end in quote.hits:
        if start < at:
            continue
        runs += [Run(_piece(quote.text[at:start])), Run(_piece(quote.text[start:end]), hit=True)]
        at = end
    runs.append(Run(_piece(quote.text[at:])))
    return tuple(run for run in runs if run.text)


def _piece(text: str) -> str:
    """A piece of a line, made harmless; spaces at its ends are kept."""
    return one_line(f"|{text}|")[1:-1]


def long_date(day: date, words: Phrases) -> str:
    """A day in full: `maandag 30 november 2026`."""
    return words.date.format(
        day=words.long_days[day.weekday()],
        number=day.day,
        month=words.long_months[day.month - 1],
        year=day.year,
    )
