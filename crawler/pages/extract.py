"""The article of a page: its text, what the page says about it, and what only the feed knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.addresses.article_key import article_id, article_key
from crawler.addresses.canonical import agreed_address, canonical_address
from crawler.addresses.links import is_home, web_address
from crawler.errors import PageError
from crawler.faults.kinds import CrawlFault
from crawler.frozen import dataclass
from crawler.model import Article, ArticleItem, DateOrigin, FeedEntry, Live, Source
from crawler.pages.body import RunningText, joined, text_in
from crawler.pages.clutter import beside_in, intro_in
from crawler.pages.items.marked_up import (
    FEWEST_ITEMS,
    headings_in,
    item_boxes,
    items_in,
    told_by_text,
)
from crawler.pages.items.page_item import (
    ItemisedText,
    PageItem,
    is_named_live,
    is_overview,
    under_headings,
)
from crawler.pages.items.united import united
from crawler.pages.jsonld import LinkedData, StatedBlog, facts_of, live_blog_of, nodes_of, video_of
from crawler.pages.lead import lead_and_body, open_lead_under_picture
from crawler.pages.markup import tree_of
from crawler.pages.metadata import PageMetadata, metadata_of, with_shown
from crawler.pages.several_pages import ArticlePart, joined_pages, next_page_of
from crawler.pages.texts.elements import mark_own_links
from crawler.pages.texts.names import PageNames
from crawler.pages.texts.posts import mark_posts
from crawler.pages.texts.refrains import refrains_in
from crawler.pages.texts.stated_text import with_corrections, with_stated
from crawler.pages.texts.topic import is_about
from crawler.pages.title import apart, is_no_article, same_title, title_from, title_of
from crawler.pages.walls import (
    PaymentSigns,
    is_cut,
    paywall_in,
    small_letters,
    text_is_missing,
    text_of_parts,
)
from crawler.text.comparable import comparable
from crawler.text.dates import parse_date
from crawler.text.decoding import text_of
from crawler.text.language import language_of
from crawler.text.plain import one_line, paragraphs
from crawler.text.relative_dates import is_relative

# All limits here are chosen; no measurement is known. Lengths are in characters.
_MOST_TITLE, _MOST_NAME, _MOST_BODY = 1_000, 300, 400_000
_MOST_ITEMISED = 1_000_000  # a day's live blog; newest first, so that the oldest items are cut off
_THIN = 200  # nearly all news is longer
_MUCH_MORE = 1.5  # a text of the feed this many times as long replaces the one found on the page
_BY = re.compile(r"^(?:door|by|par|van|tekst|texte|auteur)\s*:?\s+(?=[A-Z])", re.IGNORECASE)
_ZONED = re.compile(r"(?:z|[+-]\d\d:?\d\d|\b(?!u[uh]r)[a-z]{3,4})\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it came, and what is known of it."""

    html: str
    url: str
    entry: FeedEntry
    outlet: str
    now: datetime
    walled: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What was read from the page, before the entry completes it; earlier facts in `said` win."""

    address: str
    title: str
    lead: str
    body: str
    partial: bool
    said: tuple[LinkedData, ...] = ()
    items: tuple[ArticleItem, ...] = ()
    live: Live | None = None
    live_until: datetime | None = None
    next_page: str = ""
    mild: bool = False
    refrains: tuple[str, ...] = ()


def extract_article(  # noqa: PLR0913  (what is known of a page, by name)
    html: bytes,
    *,
    url: str,
    entry: FeedEntry,
    source: Source,
    now: datetime,
    content_type: str = "",
    walled: bool | None = None,
) -> Article:
    """The article as far as this page gives it, partial if it goes on at a next page.

    Raises:
        PageError: it is no HTML, or neither page nor entry gives a title.
    """
    page = extract_page(
        html,
        url=url,
        entry=entry,
        source=source,
        now=now,
        content_type=content_type,
        walled=walled,
    )
    return joined_pages([page])


def extract_page(  # noqa: PLR0913  (what is known of a page, by name)
    html: bytes,
    *,
    url: str,
    entry: FeedEntry,
    source: Source,
    now: datetime,
    content_type: str = "",
    walled: bool | None = None,
) -> ArticlePart:
    """The article of a page, completed by its feed entry; all its text is plain text.

    JSON-LD (schema.org) is used before meta elements, and these before the entry. Lead and body are
    what a reader sees, without teasers, captions and calls. If the page gives no text, the entry's
    is used and the article is `partial`, as it is behind a paywall. If nobody gives a date, it is
    `now`. `walled` is what `wall_of` found; with None the page is searched for a paywall here.

    Raises:
        PageError: it is no HTML, or neither page nor entry gives a title.
    """
    if walled is None:
        walled = paywall_in(small_letters(html)) is not None
    page = _Page(text_of(html, content_type), url, entry, source.outlet, now, walled=walled)
    reading = _reading(page)
    if reading is None:
        return ArticlePart(article_from_entry(entry, source, now))
    article = _article(reading, entry, source, now)
    return ArticlePart(article, reading.next_page, reading.refrains)


def article_from_entry(entry: FeedEntry, source: Source, now: datetime) -> Article:
    """The article as far as its feed entry gives it: `partial` unless that has the whole text.

    The title of an entry without one is the start of its text.

    Raises:
        PageError: the entry has neither title nor text, or its address is no web address.
    """
    address = canonical_address(entry.url)
    title = apart(one_line(entry.title)) or title_from(entry.lead or entry.body)
    if not title or not address:
        raise PageError(entry.url, CrawlFault.NO_TITLE() if address else CrawlFault.NO_ADDRESS())
    lead, body = lead_and_body([entry.lead], title=title, body=entry.body)
    if entry.part and (fragment := urlsplit(entry.url).fragment) and "#" not in address:
        address = f"{address}#{fragment}"  # where on the page it stands
    live = Live.FEED if is_named_live(entry.title, address) else None
    reading = _Reading(
        address=address, title=title, lead=lead, body=body, partial=not entry.body, live=live
    )
    return _article(reading, entry, source, now)


def _reading(page: _Page) -> _Reading | None:
    """What the page gives, or None if it is not the entry's article."""
    tree, entry = tree_of(page.html, url=page.url), page.entry
    head = metadata_of(tree)
    address = agreed_address(page.url, head.canonical, head.og_url)
    said, blog = _said(tree, head, address, page)
    title = _title(head, said, page) or apart(one_line(entry.title))
    none = is_no_article(title) and not same_title(title, entry.title)
    if not (address and title) or none or (is_home(address) and not is_home(entry.url)):
        return None
    gated = text_of_parts(tree, said[0].gated)
    beside = _beside(tree, said, entry)
    more = next_page_of(tree, page.url)  # before links are removed
    text, found = _text_of_page(tree, head.names, title, blog, page)
    walled = (page.walled or gated == "") and not (blog and blog.is_whole)
    signs = PaymentSigns(walled, _paid(said, entry), gated or "")
    text, partial = _whole(text, beside, said, entry, signs)
    known = f"{entry.title}\n{entry.lead}\n{entry.body}\n{text.body}"
    if len(text.body) < _THIN and not is_about(title, known) and (entry.title or not text.body):
        return None
    leads = _leads(intro_in(tree), said, entry, f"{title}\n{known}")
    headings = (head.heading, entry.title)
    lead, rest = lead_and_body(leads, title=title, body=text.rest, headings=headings)
    said_in_lead = bool(text.items) and comparable(rest) in comparable(lead)
    text = ItemisedText("" if said_in_lead else rest, text.items)
    return _Reading(
        address=address,
        title=title,
        lead=lead,
        body=text.body,
        partial=partial,
        said=said,
        items=text.places,
        live=Live.PAGE if blog else None,
        live_until=blog.ends if blog else None,
        next_page="" if blog else more,
        mild=found.mild,
        refrains=() if text.items else tuple(refrains_in(rest, found.links, found.headings)),
    )


def _text_of_page(
    tree: HtmlElement, names: PageNames, title: str, blog: StatedBlog | None, page: _Page
) -> tuple[ItemisedText, RunningText]:
    """The text of the page, with its items where they are known; and how it was found."""
    mark_posts(tree, names)
    boxes = item_boxes(tree, url=page.url, now=page.now)
    most = _MOST_ITEMISED if boxes or blog or is_overview(title) else _MOST_BODY
    mark_own_links(tree, page.url)
    found = text_in(tree, names, title, most=most, again=lambda: _fresh(page, names))
    blocks = list(filter(None, found.text.split("\n\n")))
    shown = told_by_text(map(_tidy, items_in(boxes, tree)), blocks)
    stated = [_tidy(update) for update in blog.updates] if blog else []
    text = united(blocks, stated, shown) if stated or shown else None
    if text is None and is_overview(title):
        text = under_headings(blocks, headings_in(tree))
    if text is None or len(text.items) < FEWEST_ITEMS:
        return text or ItemisedText("\n\n".join(blocks), ()), found
    return text.within(_MOST_ITEMISED), found


def _beside(tree: HtmlElement, said: Iterable[LinkedData], entry: FeedEntry) -> str:
    """What the page shows beside its text, after a lead that stood there was made a part of it."""
    open_lead_under_picture(tree, (*(facts.lead for facts in said), entry.lead))
    return beside_in(tree) if any(facts.body for facts in said) else ""


def _fresh(page: _Page, names: PageNames) -> HtmlElement:
    tree = tree_of(page.html, url=page.url)
    mark_posts(tree, names)
    mark_own_links(tree, page.url)
    return tree


def _tidy(item: PageItem) -> PageItem:
    return replace(item, paragraphs=tuple(filter(None, joined(item.paragraphs).split("\n\n"))))


def _leads(
    intro: str, said: tuple[LinkedData, LinkedData, LinkedData], entry: FeedEntry, known: str
) -> tuple[str, str, str, str]:
    """The candidates for the lead; a description in the head is often the motto of the site."""
    jsonld, meta, _ = said
    return intro, jsonld.lead, meta.lead if is_about(meta.lead, known) else "", entry.lead


def _said(
    tree: HtmlElement, head: PageMetadata, address: str, page: _Page
) -> tuple[tuple[LinkedData, LinkedData, LinkedData], StatedBlog | None]:
    """The facts in JSON-LD, those in the head, and those of a video; and the live blog it is."""
    key = article_key(page.outlet, address)

    def is_page(claim: str) -> bool:
        return (
            article_key(page.outlet, claim) == key
            or agreed_address(address, claim, None) != address
        )

    def is_title(claim: str) -> bool:
        shown = (head.facts.title, head.heading, head.window_title)
        return any(same_title(claim, title) for title in shown)

    nodes = nodes_of(head.scripts)
    article = facts_of(nodes, is_page=is_page, is_title=is_title)
    blog = live_blog_of(nodes, is_page=is_page, is_title=is_title, now=page.now)
    meta = with_shown(head, tree, article, page.now)
    return (article, meta, video_of(nodes, is_title=is_title)), blog


def _title(head: PageMetadata, said: Iterable[LinkedData], page: _Page) -> str:
    return title_of(
        [facts.title for facts in said],
        heading=head.heading,
        window=head.window_title,
        names=(head.site, page.outlet, urlsplit(page.url).hostname or ""),
        fed=one_line(page.entry.title),
        sections=(page.entry.section, *(facts.section for facts in said)),
    )[:_MOST_TITLE]


def _whole(
    text: ItemisedText,
    beside: str,
    said: Iterable[LinkedData],
    entry: FeedEntry,
    gate: PaymentSigns,
) -> tuple[ItemisedText, bool]:
    """The text of the page with what else is said of it, and whether it is only a part of it."""
    own, most = text.body, _MOST_ITEMISED if text.items else _MOST_BODY
    told = max((joined(facts.body.split("\n\n")) for facts in said), key=len)
    words = next((facts.words for facts in said if facts.words), 0)
    items = own.removeprefix(text.rest) if text.items else ""
    rest = with_stated(text.rest, told, known=items, beside=beside)
    rest = with_corrections(rest, (line for facts in said for line in facts.corrections))
    text = ItemisedText(rest, text.items)
    if len(text.body) > _MUCH_MORE * len(own):
        gate = replace(gate, walled=gate.walled and is_cut(told))
    if (gate.walled or len(text.body) < _THIN) and len(entry.body) > _MUCH_MORE * len(text.body):
        text = ItemisedText(paragraphs(entry.body), ())
    text = text.within(most)
    return text, text_is_missing(text.body, gate, words=words)


def _paid(said: Iterable[LinkedData], entry: FeedEntry) -> bool | None:
    return next((facts.paid for facts in said if facts.paid is not None), entry.paid)


def _article(reading: _Reading, entry: FeedEntry, source: Source, now: datetime) -> Article:
    said = reading.said
    key = article_key(source.outlet, reading.address, entry.guid, part=entry.part)
    published, origin = _published(said, entry, now)
    modified = _modified(said, entry, published, now)
    text = f"{reading.title}\n{reading.lead}\n{reading.body}"
    language = language_of(text, _first(f.language for f in said), source.language)
    image = web_address(_first(f.image for f in said), reading.address) or entry.image
    return Article(
        id=article_id(key),
        key=key,
        url=reading.address,
        outlet=source.outlet,
        source=source.id,
        title=reading.title,
        lead=reading.lead,
        body=reading.body,
        first_seen=now,
        published=published,
        published_from=origin,
        author=_name(_BY.sub("", one_line(_first(f.author for f in said)))) or entry.author,
        section=_name(_first(f.section for f in said)) or entry.section or source.section,
        language=language,
        image=image or None,
        modified=modified,
        partial=reading.partial,
        items=reading.items,
        live=reading.live,
        live_until=reading.live_until,
        mild=reading.mild,
        paid=_paid(said, entry),
    )


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _name(text: str) -> str:
    return text if len(text) <= _MOST_NAME else ""


def _published(
    said: Iterable[LinkedData], entry: FeedEntry, now: datetime
) -> tuple[datetime, DateOrigin]:
    for facts in said:
        if (date := parse_date(facts.published, now=now)) is not None:
            exact = _exact(facts.published, date, entry.published)
            return (date, DateOrigin.PAGE) if exact is None else (exact, DateOrigin.FEED)
    if entry.published is not None:
        return entry.published, DateOrigin.FEED
    return now, DateOrigin.FIRST_SEEN


def _exact(written: str, date: datetime, fed: datetime | None) -> datetime | None:
    """The feed's date, if the page's is relative, or is not exact and probably means the same."""
    relative = is_relative(written)
    if fed is None or (":" in written and _ZONED.search(written) and not relative):
        return None
    doubt = timedelta(hours=3) if ":" in written else timedelta(days=1)
    return fed if relative or abs(fed - date) <= doubt else None


def _modified(
    said: Iterable[LinkedData], entry: FeedEntry, published: datetime, now: datetime
) -> datetime | None:
    dates = [parse_date(facts.modified, now=now) for facts in said]
    later = (date for date in (*dates, entry.modified) if date is not None and date > published)
    return next(later, None)
