"""A record of the article log as passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.match import Match
from alerts.telling.edits import Changed, edits_between
from alerts.telling.matched_passage import MatchedPassage, passages_of, sentences_of
from crawler.model import LogRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A text with its passages, and those that each rule found in the text before it.

    `changed` is what stood there before in another form, by the key of the new form; `lost` are
    passages of the text before that are gone, with what stands there instead. `came` are the keys
    of sentences that did not stand in the text before. `paragraphs` has the number of the paragraph
    of each sentence, `times` when the outlet says that it was written.
    """

    article: str
    passages: Mapping[str, MatchedPassage]
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    changed: Mapping[str, Changed] = field(default_factory=dict)
    lost: Sequence[Changed] = ()
    came: frozenset[str] = frozenset()
    paragraphs: Mapping[str, int] = field(default_factory=dict)
    grows_down: bool = False
    times: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def newest_first(self) -> list[tuple[str, MatchedPassage]]:
        """The passages, those of the paragraphs that came last first; a paragraph keeps its order.

        Headline and lead come before. The times of updates count where they are known.
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
    """The passages of this record's text, and what has become of those in the text before it.

    `before` are the matches of the text before as a whole, with the rules of today.
    """
    article, text = record.article, record.revision
    after = sentences_of(text.title, text.lead, text.body, text.items)
    passages = passages_of(after, matches)
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
    # For a rule that finds no words a later text has nothing new.
    wordless = frozenset(match.rule for match in before if not match.hits)
    edits = edits_between(earlier, after, old, passages)
    stood = {key: old[key].rules if key in old else frozenset[str]() for key in (*old, *passages)}
    # A passage that was cut off says nothing that the whole one had not said.
    stood |= {new: old[was].rules for new, was in edits.shortened.items() if was in old}
    # A part of a text has lost nothing that we know of, and its completion corrects nothing.
    part = article.partial or previous.partial
    return ReadText(
        article=article.id,
        passages=passages,
        before={key: wordless | rules for key, rules in stood.items()},
        changed={} if previous.partial and not article.partial else edits.changed,
        lost=() if part else tuple(edits.lost),
        came=edits.came,
        paragraphs=after.paragraphs(),
        grows_down=edits.grows_down,
        times=after.times(),
    )
