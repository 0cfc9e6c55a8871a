"""How an article that came in is stored: as new, as another text of one that is held, or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crawler.engine.outcomes import live_as, live_reading, without_loss
from crawler.frozen import dataclass
from crawler.model import Article, Live, Revision
from crawler.pages.texts.refrains import SEVERAL, without
from crawler.store.archive.aliases import AliasStore
from crawler.store.archive.articles import ArticleStore
from crawler.store.archive.forgetting import forgotten_among
from crawler.store.archive.readings import ReadingStore
from crawler.store.connection import Connection
from crawler.store.ledger.live_pages import LivePageStore
from crawler.store.ledger.pages import PageQueue
from crawler.store.ledger.polls import PollStore
from crawler.store.ledger.repeated_lines import RefrainStore
from crawler.store.records import Saved
from crawler.stories.revisions import text_hash
from crawler.stories.same_article import TWINS_WITHIN, is_same_article, may_have_twin


@dataclass(frozen=True, slots=True)
class ListedAs:
    """How a list named an article: the key of its page, and the list's own id for it.

    `by` is what gave its text, which `stands_in` for that of its page if that was not read whole.
    """

    key: str
    guid: str | None
    by: Live
    stands_in: bool = False


def store_article(
    db: Connection,
    article: Article,
    named: ListedAs,
    now: datetime,
    *,
    refrains: Sequence[str] = (),
) -> Saved | None:
    """Store the article unless that loses text. If it has moved, it stays the same article."""
    if forgotten_among(db, [article.key, named.key]):
        return None
    articles = ArticleStore(db)
    held = articles.current(article.key) or _moved(db, article, named, now)
    known = articles.article(held.article) if held else None
    article = _without_refrains(db, article, refrains, known, now)
    stands_in = named.stands_in or _is_beside_page(db, article, named)
    kept = without_loss(article, known, named.by, stands_in=stands_in)
    if held and kept is None:
        ReadingStore(db).note_less(held.article)
        return None
    article = kept or article
    blog = LivePageStore(db).note(named.key, article.url, live_reading(article, known), now)
    live = live_as(article, known, blog, named.by)
    if live is Live.FEED and not (known and known.live):
        PollStore(db).count(article.source, "live_by_feed", now)
    saved = articles.save_over(held, replace(article, live=live), now=now)
    if named.key != article.key and articles.current(named.key) is None:
        AliasStore(db).add(named.key, saved.article)
    return saved


def _is_beside_page(db: Connection, article: Article, named: ListedAs) -> bool:
    """Whether a list tells of an article whose page another source follows, which says it all."""
    return named.by is Live.FEED and PageQueue(db).is_followed(named.key, article.key)


def _without_refrains(
    db: Connection, article: Article, lines: Sequence[str], known: Article | None, now: datetime
) -> Article:
    """The article without those of its lines that several others of its outlet have too.

    What is held of it stays: to take a line out of it later would be a change that nobody made.
    """
    store, name = RefrainStore(db), known.id if known else article.id
    kept = known.body.split("\n\n") if known else ()
    seen = {
        line: store.note(article.outlet, line, name, now, several=SEVERAL)
        for line in dict.fromkeys(lines)
    }
    if seen:
        store.keep_newest(article.outlet)
    gone = {line for line, others in seen.items() if others >= SEVERAL and line not in kept}
    return replace(article, body=without(article.body, gone)) if gone else article


def _moved(db: Connection, article: Article, named: ListedAs, now: datetime) -> Revision | None:
    """The current revision of the article under an earlier address, None if there is none.

    It may be held under the address that was asked for, or under another one with the same id in
    the list, or have exactly the same words. From now on the new key leads to it.
    """
    articles, aliases = ArticleStore(db), AliasStore(db)
    keys = [named.key, *(aliases.under_guid(named.guid, article.source) if named.guid else ())]
    for key in keys:
        before = articles.current(key) if key != article.key else None
        if before is not None and is_same_article(article, before):
            aliases.move(article, before.article)
            return before
    if may_have_twin(article) and (twin := aliases.twin(article, now - TWINS_WITHIN)):
        aliases.move(article, twin)
        return articles.current(article.key)
    return None


@dataclass(frozen=True, slots=True)
class FromEntry:
    """An article that was made of an entry, as its list named it."""

    article: Article
    named: ListedAs

    @property
    def digest(self) -> str:
        """The digest of its words."""
        return text_hash(self.article.title, self.article.lead, self.article.body)


def store_from_entries(db: Connection, found: Sequence[FromEntry], now: datetime) -> list[Saved]:
    """Store the articles of a list. What is asked of each is asked once: most are new.

    One that shares a name with an earlier one of the list may be that one, and is looked up.
    """
    if not found:
        return []
    digests = [one.digest for one in found]
    guids = [one.named.guid or "" for one in found]
    keys = {key for one in found for key in (one.article.key, one.named.key)}
    held = AliasStore(db).names_held(keys=keys, guids=guids, digests=digests)
    held |= forgotten_among(db, keys)
    saved = list[Saved | None]()
    for one, digest, guid in zip(found, digests, guids, strict=True):
        names = {one.article.key, one.named.key, digest, guid} - {""}
        if held.isdisjoint(names):
            saved.append(_store_new(db, one, digest, now))
        else:
            saved.append(store_article(db, one.article, one.named, now))
        held |= names
    return [*filter(None, saved)]


def _store_new(db: Connection, found: FromEntry, digest: str, now: datetime) -> Saved:
    """Store an article of which it is certain that nothing is held."""
    article, named = found.article, found.named
    blog = LivePageStore(db).begin(named.key, article.url, live_reading(article, None), now)
    live = live_as(article, None, blog, named.by)
    if live is Live.FEED:
        PollStore(db).count(article.source, "live_by_feed", now)
    article = article if live is article.live else replace(article, live=live)
    saved = ArticleStore(db).save_new(article, digest, now=now)
    if named.key != article.key:
        AliasStore(db).add(named.key, saved.article)
    return saved
