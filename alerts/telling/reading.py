"""The passages of a record in the article log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from alerts.match import Match
from alerts.telling.edits import Changed, edits_between
from alerts.telling.matched_passage import MatchedPassage, passages_of, sentences_of
from crawler.frozen import dataclass
from crawler.model import LogRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A text with its passages, and those that each rule found in the text before it.

    `changed` has the sentences that are in another form, by the key of the new form. `lost` are
    passages of the text before that are gone, with what replaces them. `denied` are headlines that
    the present one contradicts. `came` are the keys of
    sentences that were not in the text before. `paragraphs` has the number of each sentence's
    paragraph, and `times` when the outlet says that it was written, also of what is gone.
    """

    article: str
    passages: Mapping[str, MatchedPassage]
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    changed: Mapping[str, Changed] = field(default_factory=dict)
    lost: Sequence[Changed] = ()
    denied: Sequence[Changed] = ()
    came: frozenset[str] = frozenset()
    paragraphs: Mapping[str, int] = field(default_factory=dict)
    grows_down: bool = False
    times: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def newest_first(self) -> list[tuple[str, MatchedPassage]]:
        """The passages, newest paragraph first; the order inside a paragraph stays.

        Headline and lead come first. If the times of updates are known, they decide.
        """
        step = -1 if self.grows_down else 1
        return sorted(
            self.passages.items(),
            key=lambda item: (
                item[1].field == "body",
                -self.times[item[0]].timestamp() if item[0] in self.times else 0.0,
                step * self.paragraphs.get(item[0], 0),
            ),
        )


def read_text(record: LogRecord, matches: Sequence[Match], before: Sequence[Match]) -> ReadText:
    """The passages of this record's text, and what became of those in the text before it.

    `before` are the matches that today's rules have in the whole text before.
    """
    article, text = record.article, record.revision
    after = sentences_of(text.title, text.lead, text.body, text.items)
    passages = passages_of(after, matches, (match.rule for match in before))
    previous = record.previous
    if previous is None:
        return ReadText(
            article=article.id,
            passages=passages,
            paragraphs=after.paragraphs(),
            times=after.times(),
        )
    earlier = sentences_of(previous.title, previous.lead, previous.body, previous.items)
    old = passages_of(earlier, before)
    # A later text has nothing new for a rule that finds no words.
    wordless = frozenset(match.rule for match in before if not match.hits)
    edits = edits_between(earlier, after, old, passages)
    stood = {key: old[key].rules if key in old else frozenset[str]() for key in (*old, *passages)}
    # A passage that is now cut off says nothing that the whole one did not say.
    stood |= {new: old[was].rules for new, was in edits.shortened.items() if was in old}
    # Nobody knows what a partial text has lost, and completing it corrects nothing.
    part = article.partial or previous.partial
    return ReadText(
        article=article.id,
        passages=passages,
        before={key: wordless | rules for key, rules in stood.items()},
        changed={} if previous.partial and not article.partial else edits.changed,
        lost=() if part else tuple(edits.lost),
        denied=() if part else tuple(edits.denied),
        came=edits.came,
        paragraphs=after.paragraphs(),
        grows_down=edits.grows_down,
        times=earlier.times() | after.times(),
    )
