"""What an article says that its text before did not say, and the one sentence that is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from alerts.edition import EditionChange, EditionQuote
from alerts.match import Hit, Match
from alerts.telling.edits import edits_between
from alerts.telling.excerpts import excerpts_of
from alerts.telling.matched_passage import (
    MatchedPassage,
    TextSentences,
    key_of,
    passages_of,
    sentences_of,
)
from crawler.frozen import dataclass
from crawler.model import Article, Revision
from crawler.text import LONGEST_QUOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleNews:
    """An article with its passages: which are `fresh`, and what was changed since before."""

    article: Article
    text: TextSentences
    matches: Sequence[Match]
    passages: Mapping[str, MatchedPassage]
    fresh: tuple[str, ...]
    changes: tuple[EditionChange, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether it says something that the edition before could not tell."""
        return bool(self.fresh or self.changes)


def news_of_article(
    article: Article,
    text: Revision,
    matches: Sequence[Match],
    earlier: Revision | None,
    matched_earlier: Sequence[Match],
) -> ArticleNews | None:
    """What is new in this text of an article; None if nothing is, or was, found in it."""
    now = _sentences(text)
    passages = passages_of(now, matches, (match.rule for match in matched_earlier))
    if earlier is None or earlier.number == text.number:
        fresh = () if earlier and matched_earlier else tuple(passages)
        return _news(article, now, matches, passages, fresh) if passages else None
    before = _sentences(earlier)
    old = passages_of(before, matched_earlier)
    if not (passages or old):
        return None
    stood = {
        key_of(before.texts[name][s:e]) for name in before.spans for s, e in before.spans[name]
    }
    fresh = tuple(key for key in passages if key not in stood or not old)
    whole = not (text.partial or earlier.partial)
    changes = tuple(_changes(article, before, now, old, passages)) if old and whole else ()
    return _news(article, now, matches, passages, fresh, changes)


def _news(  # noqa: PLR0913, PLR0917 - the parts of one value
    article: Article,
    text: TextSentences,
    matches: Sequence[Match],
    passages: Mapping[str, MatchedPassage],
    fresh: tuple[str, ...],
    changes: tuple[EditionChange, ...] = (),
) -> ArticleNews:
    return ArticleNews(
        article=article,
        text=text,
        matches=matches,
        passages=passages,
        fresh=fresh,
        changes=changes,
    )


def _sentences(text: Revision) -> TextSentences:
    return sentences_of(text.title, text.lead, text.body, text.items)


def _changes(
    article: Article,
    before: TextSentences,
    now: TextSentences,
    old: Mapping[str, MatchedPassage],
    new: Mapping[str, MatchedPassage],
) -> Iterator[EditionChange]:
    """Yield what became of what was found: changed, or gone; and another headline."""
    edits = edits_between(before, now, old, new)
    titles = before.texts["title"], now.texts["title"]
    if titles[0] != titles[1] and all(titles):
        key = key_of(titles[1])
        yield EditionChange(
            outlet=article.outlet,
            field="title",
            before=titles[0],
            after=titles[1],
            key=key if key in new else "",
        )
    for key, one in edits.changed.items():
        if one.field != "title":
            yield EditionChange(
                outlet=article.outlet, field=one.field, before=one.old, after=one.new, key=key
            )
    for one in edits.lost:
        if one.field != "title":
            yield EditionChange(
                outlet=article.outlet, field=one.field, before=one.old, after=one.new
            )


def quoted(news: ArticleNews) -> EditionQuote | None:
    """The sentence to show: a correction, else the first new one below the headline with a hit.

    Without one it is the lead as it is. What is shown as a change is not quoted as well.
    """
    changed = {change.key for change in news.changes}
    order = [key for key in news.fresh if key not in changed]
    if not order and changed:
        return None
    order = order or list(news.passages)
    correcting = _corrections(news)
    if any(key in correcting.keys for key in order):
        return _whole(news, correcting)
    below = (key for key in order if news.passages[key].field != "title")
    found = (_excerpt(news, key) for key in below)
    return next((one for one in found if one), None) or _lead(news.text)


def headline_of(news: ArticleNews) -> str:
    """The key of the headline, if something was found in it; empty if not."""
    return next((key for key, one in news.passages.items() if one.field == "title"), "")


@dataclass(frozen=True, slots=True)
class _Correction:
    """The sentences below the headline in which an article corrects itself, as one stretch."""

    field: str = ""
    span: tuple[int, int] = (0, 0)
    keys: tuple[str, ...] = ()


def _corrections(news: ArticleNews) -> _Correction:
    found = [hit for hit in news.text.corrections() if hit.field != "title"]
    found = [hit for hit in found if hit.field == found[-1].field]
    if not found:
        return _Correction()
    keys = tuple(key_of(_sentence(news.text, hit)) for hit in found)
    return _Correction(found[0].field, (found[0].start, found[-1].end), keys)


def _whole(news: ArticleNews, found: _Correction) -> EditionQuote:
    """A correction with all its sentences, since the first may be what is corrected."""
    text, hits = _cut(news, found.field, found.span)
    return EditionQuote(key=found.keys[0], text=text, hits=hits, with_it=found.keys[1:])


def _lead(text: TextSentences) -> EditionQuote | None:
    """The first sentence, up to the length of a quote: it says what the news is."""
    for name in ("lead", "body"):
        for start, end in text.spans[name][:1]:
            sentence = text.texts[name][start:end]
            return EditionQuote(key="", text=sentence) if len(sentence) <= LONGEST_QUOTE else None
    return None


def _excerpt(news: ArticleNews, key: str) -> EditionQuote | None:
    """The sentence of a passage with its hits; a very long one is cut around the first."""
    name = news.passages[key].field
    for span in news.text.spans[name]:
        if key_of(news.text.texts[name][slice(*span)]) == key:
            text, hits = _cut(news, name, span)
            return EditionQuote(key=key, text=text, hits=hits)
    return None


def _cut(
    news: ArticleNews, name: str, span: tuple[int, int]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """What is shown of this stretch of a text, and where its hits are in that."""
    found = sorted(
        {
            (max(hit.start, span[0]), min(hit.end, span[1]))
            for match in news.matches
            for hit in match.hits
            if hit.field == name and hit.start < span[1] and hit.end > span[0]
        }
    )
    inside = found or [(span[0], span[0])]
    cut = list(excerpts_of(news.text.texts[name], span, inside))
    text = cut[0][0]
    return text, tuple(
        (at, at + end - start)
        for (start, end), (context, at) in zip(inside, cut, strict=True)
        if context == text and end > start
    )


def _sentence(text: TextSentences, hit: Hit) -> str:
    return text.texts[hit.field][hit.start : hit.end]
