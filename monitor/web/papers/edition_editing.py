"""What an editor changes of an edition before it goes; each change can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from starlette.routing import Route

from alerts.edition import EditionEdits
from alerts.editions import EditionStore
from alerts.papers import MorningPaper, Turn, moved
from crawler.store import Connection
from monitor.web.making import ChangeError, Done, SentForm
from monitor.web.pages import Frame
from monitor.web.papers.newsstand import Newsstand

# Characters; chosen: a headline of two lines, a note of a paragraph.
LONGEST_TITLE, LONGEST_NOTE = 200, 1_000
_STEPS = {"up": -1, "down": 1}


class EditionEditing:
    """`/reviews/ID/DATE/TIME/edit`: one form for each change, which works without script."""

    def __init__(self, frame: Frame, stand: Newsstand) -> None:
        self._frame, self._stand = frame, stand
        self._changes = frame.parts.changes

    def routes(self) -> list[Route]:
        """Where it is."""
        return [self._changes.route("/reviews/{paper}/{day}/{at}/edit", self.edit)]

    async def edit(self, sent: SentForm) -> Done:
        """Drop a story or put it back, move it, give it a headline and a note, write a foreword."""
        paper, turn = self._asked(sent)
        what, story = sent.form.get("do", ""), sent.form.get("story", "")
        if what in _STEPS:
            order = self._moved(paper, turn, story, _STEPS[what])
            return await self._changed(sent, turn, lambda held: replace(held, order=order), what)
        known = {
            "drop": lambda held: replace(held, dropped=(*_but(held, story), story)),
            "restore": lambda held: replace(held, dropped=_but(held, story)),
            "write": lambda held: _written(held, story, sent.form),
            "foreword": lambda held: replace(held, foreword=_text(sent.form, "foreword")),
        }
        if what not in known or (what != "foreword" and not story):
            raise ChangeError("paper.unknown")
        return await self._changed(sent, turn, known[what], what)

    def _asked(self, sent: SentForm) -> tuple[MorningPaper, Turn]:
        paper = self._stand.paper(sent.part("paper"))
        turns = self._stand.turns(paper, sent.part("day")) if paper else []
        turn = next((one for one in turns if one.key.at == sent.part("at")), None)
        if paper is None or turn is None:
            raise ChangeError("paper.unknown")
        return paper, turn

    def _moved(self, paper: MorningPaper, turn: Turn, story: str, step: int) -> tuple[str, ...]:
        shown = self._frame.parts.room.part(
            lambda db: self._stand.shown(db, paper, turn.key.day, turn.key.at)
        )
        if shown is None or story not in {one.story for one in shown.edition.stories}:
            raise ChangeError("paper.unknown")
        return moved(shown.edition, story, step)

    async def _changed(
        self,
        sent: SentForm,
        turn: Turn,
        change: Callable[[EditionEdits], EditionEdits],
        what: str,
    ) -> Done:
        def job(db: Connection) -> EditionEdits | None:
            store = EditionStore(db)
            if sent.now >= turn.due or store.edition(turn.key):
                return None
            before = store.edits(turn.key)
            store.put_edits(turn.key, change(before), sent.now)
            return before

        before = await self._changes.write(job)
        if before is None:
            raise ChangeError("paper.went")
        return Done(f"paper.done_{what}", lambda: self._put_back(sent, turn, before))

    async def _put_back(self, sent: SentForm, turn: Turn, before: EditionEdits) -> None:
        """Put back what was there; what went meanwhile stays as it went."""
        await self._changes.write(lambda db: EditionStore(db).put_edits(turn.key, before, sent.now))


def _but(held: EditionEdits, story: str) -> tuple[str, ...]:
    return tuple(name for name in held.dropped if name != story)


def _written(held: EditionEdits, story: str, form: Mapping[str, str]) -> EditionEdits:
    title = " ".join(form.get("title", "").split())[:LONGEST_TITLE]
    titles = _with(held.titles, story, title)
    return replace(held, titles=titles, notes=_with(held.notes, story, _text(form, "note")))


def _text(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()[:LONGEST_NOTE]


def _with(texts: Mapping[str, str], story: str, text: str) -> dict[str, str]:
    """The texts with this one; an empty one takes it away."""
    kept = {name: each for name, each in texts.items() if name != story}
    return kept | ({story: text} if text else {})
