"""Which earlier article of its outlet an article says was wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from crawler.model import Article
from crawler.stories.comparison import Comparison, CopyReason
from crawler.stories.near_duplicates import Compared, Telling
from crawler.stories.related_stories import SAME_EVENT, profile
from crawler.stories.revisions import has_headline_of, new_in
from crawler.stories.shingles import words

# "Correctie op de huizenmarkt" is no label: it needs a colon or a dash, or to stand alone. It may
# have its day: "Correctie (12 mei 2026):".
_MONTH = r"(?:jan|feb|maart|mrt|march|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]{0,6}"
_LABEL = re.compile(
    r"\W*(?:(?:rectificatie|corrigendum)\b|(?:correctie|correction)\b"
    rf"[\s\d().,]{{0,12}}(?:\b{_MONTH}\b[\s\d().,]{{0,12}})?(?:[:–—-]|$))\W*",
    re.IGNORECASE,
)
# Chosen: papers correct within days; after a week another event has the same names.
CORRECTED_WITHIN = 2 * SAME_EVENT
# Chosen: so many words of a headline, standing elsewhere, are a quotation of it.
_QUOTED = 3
# Chosen: of the words that say what is corrected, so many stand in the article that was wrong.
_BORNE_OUT = 0.6
_LEAST = 2


def is_rectification(title: str) -> bool:
    """Whether a headline says that its article corrects another: "Rectificatie: ..."."""
    return bool(_LABEL.match(title))


def is_label(line: str) -> bool:
    """Whether a line says no more than that a correction stands below it."""
    return bool(_LABEL.fullmatch(line))


def with_news_of(part: Article, held: Article, *, walled: bool) -> Article | None:
    """The held article with what a part of its text says anew; None if that is nothing.

    Before a wall it is a headline, a lead or a correction that is new: all else may be what the
    wall says. Of what a part does not say, nobody knows whether it still stands, so it stays.
    """
    new = set(new_in(part, held))
    told = new & _corrections(part) if walled else new
    said = [line for line in part.body.splitlines() if line in told]
    leads = not new.isdisjoint(part.lead.splitlines())
    if has_headline_of(part, held) and not (leads or said):
        return None
    before = [*said, *(held.lead.splitlines() if leads and not walled else ())]
    front = "".join(f"{line}\n\n" for line in before)
    return replace(
        held,
        title=part.title,
        lead=part.lead if leads else held.lead,
        body=f"{front}{held.body}",
        items=tuple(replace(item, start=item.start + len(front)) for item in held.items),
        modified=part.modified,
    )


def _corrections(part: Article) -> set[str]:
    """The lines that say what was corrected, with their label or below one that stands alone."""
    lines = [line for line in (*part.lead.splitlines(), *part.body.splitlines()) if line]
    below = {line for label, line in pairwise(lines) if is_label(label)}
    return below.union(filter(is_rectification, lines))


def corrected_by(article: Telling, earlier: Iterable[Telling]) -> Compared | None:
    """The article of the same outlet that this one corrects, if that can be seen.

    It quotes its headline, or has nearly all words of its own headline from it, a name among them.
    """
    found = [
        (share, other.seen, other.article, other)
        for other in earlier
        if other.outlet == article.outlet
        and abs(article.at - other.at) <= CORRECTED_WITHIN
        and not is_rectification(other.reading.title)
        and (share := _share(article, other)) >= _BORNE_OUT
    ]
    if not found:
        return None
    *_, corrected = max(found, key=lambda one: one[:3])
    return corrected, Comparison(reason=CopyReason.RECTIFICATION, containment=0.0)


def _share(article: Telling, other: Telling) -> float:
    """How much of what the article is about stands in the other; 1 where it quotes its headline."""
    own, theirs = article.reading, other.reading
    quoted = words(theirs.title)
    if len(quoted) >= _QUOTED and f" {' '.join(quoted)} " in f" {' '.join(words(own.text))} ":
        return 1.0
    subject = _LABEL.sub("", own.title, count=1) or own.lead
    about = profile(subject, subject, "")
    known = profile(theirs.title, theirs.lead, theirs.body).words
    if len(about.head) < _LEAST or not about.names & known:
        return 0.0
    return len(about.head & known) / len(about.head)
